import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes a database on that PostgreSQL server; gives its address. */
export async function createDatabase(admin: string): Promise<string> {
  const name = `e2e_${randomBytes(6).toString("hex")}`;
  await psql(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Removes it, whoever is still connected. */
export async function dropDatabase(admin: string, url: string): Promise<void> {
  await psql(admin, `DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

async function psql(url: string, statement: string): Promise<void> {
  await run("psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement, url]);
}
