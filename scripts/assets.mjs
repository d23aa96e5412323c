// The part of the site that is not Rust: stylesheets, pictures, and a brotli and a
// gzip copy beside each file that is worth it. Writes only what changed.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { transformSync } from "esbuild";

const site = "target/site";
const pkg = join(site, "pkg");

// Merchants do not download what only staff ever see.
const ONLY_STAFF = ["dialog", "layout", "progress", "status", "table"];

stylesheet("consola", () => true);
stylesheet("activacion", (component) => !ONLY_STAFF.includes(component));
filesUnder("style").filter(isPicture).forEach((path) => writeIfChanged(join(pkg, basename(path)), readFileSync(path)));
filesUnder(site).forEach(compress);

/** Tokens, base and the components it needs, then the pages: `style/pages/consola*` for staff, the others for the public. */
function stylesheet(name, needs) {
  const pages = filesUnder("style/pages").filter((path) => {
    const forStaff = path.startsWith("style/pages/consola");
    return forStaff === (name === "consola");
  });
  const components = filesUnder("style/components").filter((path) => needs(basename(path, ".css")));
  const parts = ["style/tokens.css", "style/base.css", ...components, ...pages];
  const sheets = parts.filter((path) => existsSync(path) && extname(path) === ".css");
  const css = sheets.map((path) => readFileSync(path, "utf8")).join("\n");
  const { code } = transformSync(css, { loader: "css", minify: true, target: "esnext" });
  writeIfChanged(join(pkg, `${name}.css`), code);
}

function compress(path) {
  if (![".js", ".css", ".wasm", ".svg", ".html", ".txt"].includes(extname(path))) return;
  const fresh = (copy) => existsSync(copy) && statSync(copy).mtimeMs >= statSync(path).mtimeMs;
  if (fresh(`${path}.br`) && fresh(`${path}.gz`)) return;
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const brotli = brotliCompressSync(bytes, { params });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`    ${basename(path)}: ${kilobytes(bytes)}, brotli ${kilobytes(brotli)}`);
}

function isPicture(path) {
  return [".svg", ".png", ".ico", ".woff2"].includes(extname(path));
}

/** Text or bytes; an unchanged file keeps its time, so that its compressed copies stay fresh. */
function writeIfChanged(path, content) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return;
  writeFileSync(path, content);
}

/** Every file under a folder, in a stable order; none when the folder does not exist. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

function kilobytes(bytes) {
  return `${(bytes.length / 1000).toFixed(1)} kB`;
}
