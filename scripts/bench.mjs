// bench.mjs BINARY MERCHANTS[,MERCHANTS…] FILE: runs sync, select and export as an operator would, over
// DATABASE_URL or an SQLite file in a folder of their own, and writes seconds and peak memory to FILE.
// Several sizes show how time grows; the extract is synchronised twice at the first one only.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const binary = resolve(process.argv[2]);
const sizes = process.argv[3].split(",").map(Number);
const results = [];
for (const merchants of sizes) results.push(await campaign(merchants));
const growth = results.slice(1).map((result, index) => ({
  from: sizes[index],
  to: result.merchants,
  // 1 is linear.
  seleccionar: ratio(result, results[index]),
}));
for (const { from, to, seleccionar } of growth) {
  console.log(`    seleccionar, ${from} → ${to}: ${seleccionar} × linear`);
}
writeFileSync(process.argv[4], `${JSON.stringify({ binary: basename(join(binary, "..")), results, growth }, null, 2)}\n`);

function ratio(larger, smaller) {
  const time = larger.measurements.seleccionar.seconds / smaller.measurements.seleccionar.seconds;
  return Math.round((100 * time) / (larger.merchants / smaller.merchants)) / 100;
}

async function campaign(merchants) {
  const folder = mkdtempSync(join(tmpdir(), "clave-segura-bench-"));
  const file = join(folder, "matriculados.csv");
  const env = {
    ...process.env,
    DEMO_DIR: folder,
    DATABASE_URL: process.env.DATABASE_URL ?? `sqlite://${join(folder, "clave-segura.db")}`,
    CONFIG_DIR: join(folder, "config"),
    CLAVE_MAESTRA_FILE: join(folder, "clave-maestra"),
  };
  const measured = (...args) => measure(folder, env, args);
  try {
    await measured("demo", "--comerciantes", "0");
    await measured("demo", "--comerciantes", String(merchants), "--solo-archivo", file);
    const measurements = { sincronizar: await measured("sincronizar", "--camara", "55", "--archivo", file, "--json") };
    if (merchants === sizes[0]) {
      measurements.sincronizar_sin_cambios = await measured("sincronizar", "--camara", "55", "--archivo", file, "--json");
    }
    measurements.seleccionar = await measured("seleccionar", "--camara", "55", "--json");
    measurements.exportar = await measured("exportar", "--camara", "55", "--salida", join(folder, "campana.xlsx"));
    for (const [command, { seconds, peak_mb: peak }] of Object.entries(measurements)) {
      const what = `${command}, ${merchants} merchants`;
      console.log(`    ${what.padEnd(44)} ${seconds.toFixed(1).padStart(6)} s ${peak.toFixed(0).padStart(6)} MB`);
    }
    return { merchants, extract_bytes: statSync(file).size, measurements };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the binary with these arguments; seconds, peak resident memory and the JSON it printed. */
function measure(folder, env, args) {
  return new Promise((done, failed) => {
    const began = performance.now();
    const child = spawn(binary, args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    let peak = 0;
    child.stdout.on("data", (text) => (printed += text));
    // The kernel keeps the high-water mark, so that only what grows in the last moments can be missed.
    const watching = setInterval(() => (peak = Math.max(peak, highWater(child.pid))), 20);
    child.on("error", failed);
    child.on("close", (code) => {
      clearInterval(watching);
      if (code !== 0) return failed(new Error(`${args.join(" ")}: exit code ${code}`));
      const seconds = Math.round(performance.now() - began) / 1000;
      done({ seconds, peak_mb: Math.round(peak / 1024), printed: json(printed) });
    });
  });
}

/** Peak resident memory of a process, in KiB; 0 when it is gone. */
function highWater(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
