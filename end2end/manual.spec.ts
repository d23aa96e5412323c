import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { ActivationPages } from "./pages/activation.ts";
import { CampaignPage } from "./pages/campaign.ts";
import { logIn } from "./pages/login.ts";
import { credentials, read } from "./support/dispatched.ts";
import { QUALIFYING, several } from "./support/extract.ts";
import { hydrated } from "./support/hydrated.ts";
import { CONSOLE_PLACES, DIALOGS, PUBLIC_PLACES } from "./support/places.ts";
import { campaignSelected, campaignSent } from "./support/prepared.ts";
import { expect, test } from "./support/test.ts";

/** Takes the manual's pictures, light and dark: `npm run manual`. Not a test of anything. */
test.use({
  story: "manual",
  merchants: 120,
  common: { MASIVOS_MAXIMO_HORA: "400", MASIVOS_MAXIMO_DIA: "2000", MASIVOS_PAUSA_MINUTOS: "0", MASIVOS_CONEXIONES: "1" },
});
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage));

const pictures = resolve(import.meta.dirname, "../docs/imagenes");
mkdirSync(pictures, { recursive: true });

async function picture(page: Page, name: string, whole = true): Promise<void> {
  const path = `${pictures}/${name}-${test.info().project.name}.png`;
  await page.screenshot({ path, fullPage: whole, animations: "disabled" });
}

/** A part of the page, with the room around it. */
async function part(shown: Locator, name: string): Promise<void> {
  await shown.screenshot({ path: `${pictures}/${name}-${test.info().project.name}.png`, animations: "disabled" });
}

test("the public pages, desktop and telephone", async ({ page, telephone }) => {
  for (const { path, picture: name } of PUBLIC_PLACES) {
    for (const [screen, suffix] of [[page, ""], [telephone, "-telefono"]] as const) {
      await screen.goto(path);
      await hydrated(screen);
      await picture(screen, name + suffix);
    }
  }
});

test("the console and its dialogs", async ({ page, stage }) => {
  await logIn(page, stage);
  for (const { path, picture: name } of CONSOLE_PLACES) {
    await page.goto(path);
    await hydrated(page);
    await picture(page, name);
  }
  const campaign = new CampaignPage(page, stage.password);
  for (const { button, picture: name } of DIALOGS) {
    await campaign.open();
    await campaign.button(button).click();
    await expect(campaign.dialog(new RegExp(`^${button}`))).toBeVisible();
    await page.waitForLoadState("networkidle");
    // «Probar conexión» takes its time; of the others none says so.
    await expect(page.getByText("Probando…")).toBeHidden({ timeout: 60_000 });
    await picture(page, `dialogo-${name}`, false);
  }
});

test("a batch as it goes, its mails, the pace and the addresses that came back", async ({ page, stage }) => {
  await campaignSelected(stage, [
    ...several(1, "rechazado", 30), ...several(1, "despues", 31), ...several(1, "incierto", 32),
    ...several(45, "", 33), ...several(20, "lento", 78),
  ]);
  await logIn(page, stage);
  const campaign = new CampaignPage(page, stage.password);
  await campaign.send("500", campaign.told(/Se inició el envío/));
  const batch = campaign.newestBatch();
  await expect(batch).toContainText("termina hacia", { timeout: 60_000 });
  await expect(batch.locator(".figures__item").filter({ hasText: "Inciertos" })).toContainText("1");
  await part(batch, "envio");
  await part(page.getByRole("region", { name: "Ritmo de envío" }), "ritmo");
  await campaign.openMails(batch);
  await part(batch, "envio-correos");
  await page.goto("/consola/devueltos");
  await hydrated(page);
  await picture(page, "devueltos");
});

test("an activation on the telephone", async ({ stage, mailbox, telephone }, info) => {
  const ana = QUALIFYING[0]!;
  const [sent] = await mailbox.mailsTo(ana.emailnot);
  const { link, password } = await read(mailbox, sent!, info);
  await mailbox.page.goto(sent!.address);
  await picture(mailbox.page, "correo");
  const pages = new ActivationPages(telephone);
  await pages.open(link);
  await pages.press("Aceptar y continuar");
  await expect(pages.problem()).toBeVisible();
  await picture(telephone, "activacion-error-telefono");
  await pages.accept(credentials(ana, password));
  await pages.expectPinScreen();
  await picture(telephone, "pin-telefono");
  await pages.confirm(await mailbox.pinFor(ana.celnot));
  await pages.expectActivated();
  await picture(telephone, "activada-telefono");
  expect(stage.activation).toBe(link);
});
