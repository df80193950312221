/**
 * The `proc-receive` hook, which git runs once for each push, after it has the objects and before any
 * reference moves. It is a program of its own so small that it starts quickly: it hands the commands
 * that git sends to the forge, over the socket named in its environment, and hands the forge's answer
 * to git. The protocol with git is described under "proc-receive" in githooks(5).
 */
import { connect } from "node:net";

const socketPath = process.env["FORGE_PUSH_SOCKET"] ?? "";
const ticket = process.env["FORGE_PUSH_TICKET"] ?? "";

/** Reads pkt-lines from git; a flush packet is `undefined`. */
async function* packets(): AsyncGenerator<string | undefined, void> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    buffered = Buffer.concat([buffered, chunk as Buffer]);
    while (buffered.length >= 4) {
      const length = parseInt(buffered.toString("latin1", 0, 4), 16);
      if (length >= 4 && buffered.length < length) break;
      yield length < 4 ? undefined : buffered.toString("utf8", 4, length).replace(/\n$/, "");
      buffered = buffered.subarray(Math.max(length, 4));
    }
  }
}

function writePacket(text: string): void {
  const length = Buffer.byteLength(text) + 4;
  process.stdout.write(length.toString(16).padStart(4, "0") + text);
}

async function readSection(source: AsyncGenerator<string | undefined, void>): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const next = await source.next();
    if (next.done === true || next.value === undefined) return lines;
    lines.push(next.value);
  }
}

/** One line of JSON each way: the push, and the forge's verdict on it. */
function askForge(request: object): Promise<{ messages: string[]; statuses: string[] }> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.end(`${JSON.stringify(request)}\n`));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")) as never);
      } catch (cause) {
        reject(new Error("The forge went away during the push.", { cause }));
      }
    });
  });
}

const source = packets();
const [greeting = ""] = await readSection(source);
const atomic = greeting.split("\0")[1]?.split(" ").includes("atomic") === true;
writePacket(atomic ? "version=1\0atomic\n" : "version=1\n");
process.stdout.write("0000");
const commands = await readSection(source);
const verdict = await askForge({ ticket, commands, atomic });
for (const message of verdict.messages) process.stderr.write(`${message}\n`);
for (const status of verdict.statuses) writePacket(`${status}\n`);
process.stdout.write("0000");
