// Asks a real client what it is told on standard input, and writes its answers as JSON.
import { readFileSync } from "node:fs";

const told = JSON.parse(readFileSync(0, "utf8"));
const snippet = await import(told.snippet);

const plain = (value) =>
  JSON.parse(
    JSON.stringify(value ?? null, (_, part) => (typeof part === "bigint" ? String(part) : part)),
  );

async function viem() {
  const { normalize } = await import("viem/ens");
  const client = snippet.client(told.url, told.chainId, told.universal);
  return (what, asked) => {
    const more = asked.coinType === undefined ? {} : { coinType: BigInt(asked.coinType) };
    const name = asked.name === undefined ? {} : { name: normalize(asked.name) };
    return client[what]({ ...asked, ...name, ...more });
  };
}

async function ethers() {
  const { Contract } = await import("ethers");
  const provider = snippet.provider(told.url, told.chainId, told.names);
  return async (what, asked) => {
    switch (what) {
      case "resolveName":
      case "lookupAddress":
      case "getAvatar":
        return provider[what](asked);
      case "send": {
        const contract = new Contract(asked.to, [asked.abi], await provider.getSigner(asked.from));
        const sent = await contract[asked.function](...asked.arguments);
        return (await sent.wait()).status;
      }
      default: {
        // [name, ...arguments] of a function of the name's resolver
        const [name, ...more] = asked;
        const resolver = await provider.getResolver(name);
        if (resolver === null) return null;
        return what === "address" ? resolver.address : resolver[what](...more);
      }
    }
  };
}

const ask = await { viem, ethers }[told.client]();
const answers = [];
for (const [what, asked] of told.questions) {
  try {
    answers.push(plain(await ask(what, asked)));
  } catch (error) {
    answers.push({ error: error.shortMessage ?? error.message });
  }
}
process.stdout.write(JSON.stringify(answers));
process.exit(0);
