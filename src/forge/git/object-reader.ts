import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { sep } from "node:path";

import { gitEnvironment } from "./git-environment.ts";
import { parseObject, type GitObject } from "./parse-object.ts";
import { GitFailure } from "./run-git.ts";

const args = ["cat-file", "--batch", "-z"];

/** How long a git that nobody asks anything is kept. */
const idleMs = 5_000;
/** After this time without a whole answer, git is killed and what was asked fails. */
const timeoutMs = 120_000;

interface Question {
  name: string;
  resolve: (object: GitObject | undefined) => void;
  reject: (error: Error) => void;
}

/**
 * A git process that reads objects of one repository for as long as somebody asks. Starting one takes many times as
 * long as most reads, and stops the whole forge meanwhile. Git looks at its files again for every object and reference
 * that it does not know, so that it never answers with what was.
 */
class ObjectReader {
  readonly #git: ChildProcessWithoutNullStreams;
  readonly #onEnd: () => void;
  readonly #questions: Question[] = [];
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** Without so many bytes there is no whole answer. */
  #neededBytes = 0;
  #complaints = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(gitDir: string, onEnd: () => void) {
    this.#onEnd = onEnd;
    const env = gitEnvironment({ GIT_DIR: gitDir });
    // Of its own process group, so that a Ctrl-C in the forge's terminal leaves its end to the forge.
    this.#git = spawn("git", args, { cwd: gitDir, env, stdio: "pipe", detached: true });
    // Whether the program may end depends on what is asked, see `#watch`, and not on open pipes.
    for (const pipe of [this.#git.stdin, this.#git.stdout, this.#git.stderr]) (pipe as Socket).unref();
    this.#git.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#git.stderr.on("data", (chunk: Buffer) => (this.#complaints += chunk.toString("utf8")));
    this.#git.stdin.on("error", () => undefined);
    this.#git.on("error", (cause) => this.#fail(new Error("git could not be started", { cause })));
    this.#git.on("close", (code) => this.#fail(new GitFailure(args, code, this.#complaints)));
  }

  read(name: string): Promise<GitObject | undefined> {
    // Names end in zeros on their way to git, and no object has one in its name.
    if (name.includes("\0")) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      this.#questions.push({ name, resolve, reject });
      this.#git.stdin.write(`${name}\0`);
      this.#watch();
    });
  }

  /** Lets git answer what was asked, and end. */
  end(): void {
    this.#onEnd();
    this.#git.stdin.end();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes < this.#neededBytes) return;
    try {
      const rest = this.#answer(Buffer.concat(this.#received));
      this.#received = [rest];
      this.#receivedBytes = rest.length;
      this.#watch();
    } catch (error) {
      // Where the next answer begins is not known any more.
      this.#git.kill("SIGKILL");
      this.#fail(error as Error);
    }
  }

  /** @returns what is left once all answers that are whole are given */
  #answer(bytes: Buffer): Buffer {
    this.#neededBytes = 0;
    let rest = bytes;
    for (let [question] = this.#questions; question !== undefined; [question] = this.#questions) {
      const answer = parseObject(rest, question.name);
      if (answer.kind === "incomplete") {
        this.#neededBytes = answer.neededBytes;
        break;
      }
      rest = rest.subarray(answer.length);
      this.#questions.shift();
      question.resolve(answer.object);
    }
    return rest;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#questions.length > 0) {
      this.#git.ref();
      this.#timer = setTimeout(() => this.#git.kill("SIGKILL"), timeoutMs);
    } else {
      this.#git.unref();
      this.#timer = setTimeout(() => this.end(), idleMs).unref();
    }
  }

  #fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#onEnd();
    for (const { reject } of this.#questions.splice(0)) reject(error);
  }
}

const readers = new Map<string, ObjectReader>();

/** The reader of a repository, started when it is first asked for. */
export function objectReaderOf(gitDir: string): ObjectReader {
  const known = readers.get(gitDir);
  if (known !== undefined) return known;
  const started = new ObjectReader(gitDir, () => {
    if (readers.get(gitDir) === started) readers.delete(gitDir);
  });
  readers.set(gitDir, started);
  return started;
}

/** Leaves no git behind that reads below a directory. */
export function endObjectReaders(directory: string): void {
  for (const [gitDir, reader] of readers) if (gitDir.startsWith(directory + sep)) reader.end();
}
