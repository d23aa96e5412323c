import { readFileSync } from "node:fs";
import { ActivationPages } from "../pages/activation.ts";
import { logIn } from "../pages/login.ts";
import { expectAccessible, expectContrast } from "../support/accessible.ts";
import { credentials, read } from "../support/dispatched.ts";
import { QUALIFYING } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "evidencia", merchants: 0 });
test.describe.configure({ mode: "serial" });

const [ana] = QUALIFYING;

/** Years later somebody asks what happened: staff show it, and take it away signed. */
test.describe("evidence", () => {
  test.beforeAll(async ({ stage }) => campaignSent(stage));

  test("a merchant activates, after one wrong PIN", async ({ stage, mailbox, telephone }, info) => {
    const [sent] = await mailbox.mailsTo(ana!.emailnot);
    const { password } = await read(mailbox, sent!, info);
    const pages = new ActivationPages(telephone);
    await pages.open(stage.activation);
    await pages.accept(credentials(ana!, password));
    await pages.expectPinScreen();
    const pin = await mailbox.pinFor(ana!.celnot);
    await pages.confirm(String((Number(pin) + 1) % 1_000_000).padStart(6, "0"));
    await pages.confirm(pin);
    await pages.expectActivated();
  });

  test("the timeline tells it all and gives the acta in both forms", async ({ page, stage }, info) => {
    await logIn(page, stage);
    await page.goto("/consola/usuarios-verificados");
    await hydrated(page);
    await page.getByRole("row").filter({ hasText: ana!.numid }).getByRole("link").click();
    await expect(page).toHaveURL(/\/consola\/comerciante\/\d+$/);
    await hydrated(page);
    await expect(page.getByRole("heading", { name: "Línea de tiempo" })).toBeVisible();
    const events = page.getByRole("list").filter({ hasText: "PIN errado" }).getByRole("listitem");
    await expect(events.first()).toContainText("Seleccionado del registro mercantil");
    await expect(events.filter({ hasText: "Activó su contraseña: usuario verificado" })).toHaveCount(1);
    for (const width of [768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await (colorScheme === "light" ? expectAccessible(page) : expectContrast(page));
        await page.screenshot({ path: info.outputPath(`linea-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    for (const [button, ending, begins] of [
      ["Descargar acta (PDF)", ".pdf", "%PDF-"], ["Acta (JSON)", ".jws", "ey"],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent("download"), page.getByRole("button", { name: button }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`^acta-${stage.chamber}-\\d+\\${ending}$`));
      expect(readFileSync(await download.path(), "latin1").startsWith(begins)).toBe(true);
    }
  });

  test("the audit is verified on its page and taken away with its seals", async ({ page, stage }, info) => {
    await logIn(page, stage);
    await page.goto("/consola/auditoria");
    await hydrated(page);
    await page.getByRole("button", { name: "Comprobar la cadena" }).click();
    await expect(page.getByText("La cadena está íntegra")).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await (colorScheme === "light" ? expectAccessible(page) : expectContrast(page));
      await page.screenshot({ path: info.outputPath(`auditoria-${colorScheme}.png`) });
    }
    const [download] = await Promise.all([
      page.waitForEvent("download"), page.getByRole("button", { name: "Exportar" }).click(),
    ]);
    const lines = readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ tipo: "cadena", camara: stage.chamber });
    expect(lines.filter((line) => line.tipo === "entrada").at(-1)).toMatchObject({ accion: "auditoria_exportada" });
  });
});
