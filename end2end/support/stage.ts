import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { createDatabase, dropDatabase } from "./postgres.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const binary = process.env.CLAVE_SEGURA_BIN ?? join(root, "target/debug/clave-segura");
const site = process.env.LEPTOS_SITE_ROOT ?? join(root, "target/site");

/** What `demo --servir --json` says in its first line. */
interface Welcome {
  direccion: string;
  usuario: string;
  clave: string;
  camara: string;
}

/** A server of its own, with its own folder and database, for one story. */
export class Stage {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #server: ChildProcess;
  readonly #database: string | undefined;
  readonly #welcome: Welcome;

  private constructor(
    folder: string, env: NodeJS.ProcessEnv, server: ChildProcess, database: string | undefined, welcome: Welcome,
  ) {
    this.folder = folder;
    this.#env = env;
    this.#server = server;
    this.#database = database;
    this.#welcome = welcome;
  }

  /**
   * Starts the demo with that many synthetic merchants, its CommonXX changed by these variables, and
   * waits until it answers.
   */
  static async start(merchants: number, common: Record<string, string> = {}): Promise<Stage> {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it first (make e2e does)`);
    const folder = mkdtempSync(join(tmpdir(), "clave-segura-e2e-"));
    const database = process.env.TEST_DATABASE_URL ? await createDatabase(process.env.TEST_DATABASE_URL) : undefined;
    const address = `127.0.0.1:${await freePort()}`;
    const env = {
      ...process.env,
      DATABASE_URL: database ?? `sqlite://${join(folder, "clave-segura.db")}`,
      PUBLIC_URL: `http://${address}`,
      LISTEN: address,
      DEMO_DIR: folder,
      CONFIG_DIR: join(folder, "config"),
      CLAVE_MAESTRA_FILE: join(folder, "clave-maestra"),
      LEPTOS_SITE_ROOT: site,
    };
    if (Object.keys(common).length > 0) {
      await run(binary, ["demo", "--comerciantes", "0", "--json"], { cwd: folder, env });
      change(join(folder, "config/common55.env"), common);
    }
    const server = serve(merchants, folder, env);
    try {
      const welcome = await welcomed(server, address);
      return new Stage(folder, env, server, database, welcome);
    } catch (cause) {
      await stop(server);
      const log = logOf(folder);
      await clearAway(folder, database);
      throw new Error(`the server did not start: ${String(cause)}\n${log}`);
    }
  }

  get url(): string {
    return this.#welcome.direccion.replace(/\/$/, "");
  }

  get user(): string {
    return this.#welcome.usuario;
  }

  get password(): string {
    return this.#welcome.clave;
  }

  get chamber(): string {
    return this.#welcome.camara;
  }

  /** Where merchants activate. */
  get activation(): string {
    return `${this.url}/activacion/${this.chamber}`;
  }

  /** Runs a command of the same binary on the same database; gives what it prints. */
  async cli(...args: string[]): Promise<string> {
    const { stdout } = await run(binary, args, { cwd: this.folder, env: this.#env });
    return stdout;
  }

  /** The end of what the server wrote to its log. */
  log(): string {
    return logOf(this.folder);
  }

  /** The server stops answering, as behind a broken line: connections stay open and silent. */
  freeze(): void {
    this.#server.kill("SIGSTOP");
  }

  /** It answers again. */
  thaw(): void {
    this.#server.kill("SIGCONT");
  }

  /**
   * Time passes: the server ends and begins again with its clock that much ahead of the real one. What
   * it keeps in memory is gone, the demo's mails among it.
   */
  async jumpTo(secondsAhead: number): Promise<void> {
    await stop(this.#server);
    this.#server = serve(0, this.folder, { ...this.#env, CLAVE_SEGURA_RELOJ_SEGUNDOS: String(secondsAhead) });
    await welcomed(this.#server, this.#env["LISTEN"]!);
  }

  async stop(): Promise<void> {
    this.thaw();
    await stop(this.#server);
    await clearAway(this.folder, this.#database);
  }
}

/** Serves the demo; what it logs goes to the end of the folder's `server.log`. */
function serve(merchants: number, folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const server = spawn(binary, ["demo", "--comerciantes", String(merchants), "--servir", "--json"], {
    cwd: folder, env, stdio: ["ignore", "pipe", "pipe"],
  });
  server.stderr.pipe(createWriteStream(join(folder, "server.log"), { flags: "a" }));
  return server;
}

/** Waits until it answers. */
async function welcomed(server: ChildProcess, address: string): Promise<Welcome> {
  const welcome = JSON.parse(await firstLine(server)) as Welcome;
  await answers(`http://${address}/healthz`, server);
  return welcome;
}

/** Sets variables in an env file, each in its place or at the end. */
function change(path: string, variables: Record<string, string>): void {
  let text = readFileSync(path, "utf8");
  for (const [name, value] of Object.entries(variables)) {
    const line = new RegExp(`^${name}=.*$`, "m");
    text = line.test(text) ? text.replace(line, `${name}=${value}`) : `${text}${name}=${value}\n`;
  }
  writeFileSync(path, text);
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    createInterface({ input: server.stdout! }).on("line", done);
    server.once("error", failed);
    server.once("exit", (code) => failed(new Error(`it ended with code ${code}`)));
  });
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until && server.exitCode === null) {
    const ok = await fetch(url).then((answer) => answer.ok, () => false);
    if (ok) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** Asks it to end, and ends it when it has not after ten seconds. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  const impatient = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(impatient);
}

async function clearAway(folder: string, database: string | undefined): Promise<void> {
  if (database) await dropDatabase(process.env.TEST_DATABASE_URL!, database);
  rmSync(folder, { recursive: true, force: true });
}

function logOf(folder: string): string {
  const path = join(folder, "server.log");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(-60).join("\n") : "(no log)";
}
