// Compiles the Solidity files named as arguments with the packages that npm installed, and
// prints {contract: {abi, bytecode}}. Each file holds the contract that it is named after.
"use strict";
const fs = require("fs");
const path = require("path");

const modules = path.resolve(__dirname, "../../node_modules");
const solc = require(path.join(modules, "solc"));

const files = process.argv.slice(2);
const read = (file) => ({ content: fs.readFileSync(file, "utf8") });
const input = {
  language: "Solidity",
  sources: Object.fromEntries(files.map((file) => [path.basename(file), read(file)])),
  settings: {
    evmVersion: "prague",
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
  },
};

const output = JSON.parse(
  solc.compile(JSON.stringify(input), { import: (name) => {
    const { content } = read(path.join(modules, name));
    return { contents: content };
  } })
);
const errors = (output.errors || []).filter((error) => error.severity === "error");
if (errors.length > 0) {
  errors.forEach((error) => console.error(error.formattedMessage));
  process.exit(1);
}
const made = {};
for (const file of files) {
  const contract = path.basename(file, ".sol");
  const { abi, evm } = output.contracts[path.basename(file)][contract];
  made[contract] = { abi, bytecode: evm.bytecode.object };
}
console.log(JSON.stringify(made));
