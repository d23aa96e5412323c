import type { Locator, Page } from "@playwright/test";
import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { several } from "../support/extract.ts";
import { campaignSelected } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** Two seconds a mail, one after the other: slow enough to be watched. */
test.use({ story: "avance", merchants: 0, common: { MASIVOS_CONEXIONES: "1" } });
test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ stage }) => campaignSelected(stage, several(40, "lento")));
test.beforeEach(async ({ page, stage }) => logIn(page, stage));

async function order(page: Page, password: string, mails: number): Promise<{ campaign: CampaignPage; batch: Locator }> {
  const campaign = new CampaignPage(page, password);
  await campaign.open();
  await campaign.send(String(mails), campaign.told(new RegExp(`con ${mails} correos`)));
  return { campaign, batch: campaign.newestBatch() };
}

/** How many of the batch are settled, as its card says. */
async function settled(batch: Locator): Promise<number> {
  return Number(/(\d+) de \d+ correos/.exec((await batch.textContent()) ?? "")?.[1] ?? -1);
}

test("the figures move by themselves, one by one, and are right after a reload", async ({ page, stage }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const { campaign, batch } = await order(page, stage.password, 5);
  await page.evaluate(() => document.documentElement.setAttribute("data-misma-pagina", ""));

  const seen = new Set<number>();
  await expect(async () => {
    seen.add(await settled(batch));
    expect([...seen].filter((figure) => figure > 0).length).toBeGreaterThanOrEqual(2);
  }).toPass({ timeout: 30_000, intervals: [100] });
  await expect(page.locator("html[data-misma-pagina]")).toHaveCount(1);
  await expect(batch).toContainText("por minuto");
  await expect(batch).toContainText("termina hacia");
  expect(asked.filter((path) => path === "/consola/eventos").length).toBeGreaterThan(0);

  const before = await settled(batch);
  await campaign.open();
  expect(await settled(campaign.newestBatch())).toBeGreaterThanOrEqual(before);
  await expect(campaign.finishedBatch(5)).toBeVisible({ timeout: 30_000 });
  await campaign.expectFigures(batch, { Enviados: 5, Pendientes: 0 });
  // The figures of the year have followed without a reload.
  await campaign.expectFunnel({ enviados: 5 });
  // Told, not asked for each second.
  expect(asked.filter((path) => path === "/api/consola/progreso").length).toBeLessThan(6);
});

test("where events do not come through, the page asks for itself", async ({ page, stage, watch }) => {
  watch.allow(/consola\/eventos/);
  await page.route("**/consola/eventos*", (route) => route.abort());
  const { campaign } = await order(page, stage.password, 2);
  await expect(campaign.finishedBatch(2)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Se perdió la conexión")).toBeHidden();
});

test("a connection gone silent is said, and made good by itself", async ({ page, stage }) => {
  const { campaign, batch } = await order(page, stage.password, 6);
  await expect.poll(() => settled(batch), { timeout: 30_000 }).toBeGreaterThan(0);
  const lost = page.getByText("Se perdió la conexión con el servidor");
  stage.freeze();
  await expect(lost).toBeVisible({ timeout: 40_000 });
  stage.thaw();
  await expect(lost).toBeHidden({ timeout: 10_000 });
  await expect(campaign.finishedBatch(6)).toBeVisible({ timeout: 30_000 });
});

test("a batch is paused, goes on and is cancelled; what another person does is seen as well", async ({
  page, stage, browser,
}) => {
  const { campaign, batch } = await order(page, stage.password, 8);
  const other = await browser.newPage({ baseURL: stage.url });
  await logIn(other, stage);
  const theirs = new CampaignPage(other, stage.password).newestBatch();

  await batch.getByRole("button", { name: /^Pausar/ }).click();
  await expect(batch).toContainText("Un funcionario detuvo el envío");
  await expect(theirs).toContainText("Un funcionario detuvo el envío", { timeout: 2_000 });
  await expect(batch.getByRole("button", { name: /^Pausar/ })).toBeHidden();

  const resumed = batch.filter({ hasText: "En curso" });
  await campaign.confirming(() => batch.getByRole("button", { name: /^Reanudar/ }).click(), resumed);
  await expect(theirs).toContainText("En curso", { timeout: 2_000 });

  await theirs.getByRole("button", { name: /^Cancelar/ }).click();
  await expect(batch).toContainText("Cancelado", { timeout: 3_000 });
  await expect(batch).toContainText("volvieron a quedar pendientes al cancelarlo");
  await other.close();
});

test("a second batch says that it waits for its turn, and a deletion what becomes of the first", async ({
  page, stage,
}) => {
  const { campaign } = await order(page, stage.password, 6);
  const dialog = await campaign.openSend("2");
  await expect(dialog).toContainText(/El envío \d+ está en curso/);
  await expect(dialog).toContainText("esperará su turno");
  const waits = campaign.told(/con 2 correos espera su turno: primero sale el envío \d+/);
  await campaign.confirming(() => dialog.getByRole("button", { name: "Enviar", exact: true }).click(), waits);
  await expect(page.getByRole("article", { name: /^Envío \d+$/ })).toHaveCount(2);

  await campaign.button("Blanquear").click();
  const erase = campaign.dialog(/^Blanquear/);
  await expect(erase).toContainText(/está en curso y se cancelará/);
  await expect(erase).toContainText("no se podrá activar");
  await page.keyboard.press("Escape");
});
