import { logIn } from "../pages/login.ts";
import { SyncPage } from "../pages/sync.ts";
import { EVERYBODY, extract } from "../support/extract.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "sincronizacion", merchants: 0 });
test.beforeEach(async ({ page, stage, watch }) => {
  // A refused file is a refused request: the browser says so in its console.
  watch.allow(/\/consola\/carga.*status of 4\d\d/);
  await logIn(page, stage);
});

const utf8 = extract().toString("utf8");
const BAD: readonly { what: string; bytes: Buffer; sentence: string | RegExp }[] = [
  { what: "an empty file", bytes: Buffer.alloc(0), sentence: "El archivo está vacío" },
  { what: "a file with only its header", bytes: extract([]), sentence: "solo tiene el encabezado" },
  {
    what: "a file without a column it needs",
    bytes: Buffer.from(utf8.replace(/^matricula;/, "otra;")),
    sentence: /faltan columnas: matricula/,
  },
  { what: "a file with a broken line", bytes: Buffer.from(`${utf8}21099;01\r\n`), sentence: "1 fila ilegible" },
];

for (const { what, bytes, sentence } of BAD) {
  test(`${what} is refused in plain Spanish and changes nothing`, async ({ page, stage }) => {
    const sync = new SyncPage(page, stage.password);
    await sync.open();
    await sync.upload("matriculados.csv", bytes);
    await sync.expectRefused(sentence);
    await expect(page.getByText("Todavía no se ha sincronizado el registro mercantil")).toBeVisible();
  });
}

test("a Windows-1252 file is recognised by itself", async ({ page, stage }) => {
  const sync = new SyncPage(page, stage.password);
  await sync.open();
  await sync.upload("windows.txt", Buffer.from(utf8, "latin1"));
  await sync.expectLoaded();
  await expect(sync.newest()).toContainText(String(EVERYBODY.length));
});
