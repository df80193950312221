import { connect, type Socket } from "node:net";

/** One connection with at most one request on its way; opened again where the server has closed it. */
export class Connection {
  readonly #port: number;
  #socket: Socket | null = null;
  #answered: ((status: number) => void) | null = null;
  #received = "";

  constructor(port: number) {
    this.#port = port;
  }

  /** Tells the answer's status when all of it has come; 0 when it never will. */
  send(head: string, body: Buffer, answered: (status: number) => void): void {
    this.#answered = answered;
    const socket = this.#socket ?? this.#open();
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#take(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = null;
      this.#finish(0);
    });
    this.#socket = socket;
    return socket;
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    if (this.#received.length < headEnd + 4 + bodyLength(this.#received, headEnd)) return;
    const status = Number(this.#received.slice(9, 12));
    if (/^connection: close\r$/im.test(this.#received.slice(0, headEnd + 2))) this.close();
    this.#finish(status);
  }

  #finish(status: number): void {
    const answered = this.#answered;
    this.#answered = null;
    this.#received = "";
    answered?.(status);
  }
}

/** Of an answer that says its length, or comes as one chunk as a framework may send it. */
function bodyLength(received: string, headEnd: number): number {
  const length = /\r\ncontent-length: (\d+)/i.exec(received);
  if (length) return Number(length[1]);
  if (!/\r\ntransfer-encoding: chunked/i.test(received)) return 0;
  const end = received.indexOf("0\r\n\r\n", headEnd + 4);
  return end < 0 ? Number.POSITIVE_INFINITY : end + 5 - headEnd - 4;
}
