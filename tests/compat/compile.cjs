// Compiles the contracts beside this file with OpenZeppelin's, both as npm installed them,
// and prints {name: {abi, bytecode}}. Reads nothing but this folder and node_modules.
"use strict";
const fs = require("fs");
const path = require("path");

const modules = path.resolve(__dirname, "../../node_modules");
const solc = require(path.join(modules, "solc"));

const own = fs.readdirSync(__dirname).filter((name) => name.endsWith(".sol"));
const read = (file) => ({ content: fs.readFileSync(file, "utf8") });
const input = {
  language: "Solidity",
  sources: Object.fromEntries(own.map((name) => [name, read(path.join(__dirname, name))])),
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
for (const name of own) {
  const contract = path.basename(name, ".sol");
  const { abi, evm } = output.contracts[name][contract];
  made[contract] = { abi, bytecode: evm.bytecode.object };
}
console.log(JSON.stringify(made));
