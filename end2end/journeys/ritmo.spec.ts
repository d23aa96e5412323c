import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { several } from "../support/extract.ts";
import { campaignSelected } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "ritmo", merchants: 0, common: { MASIVOS_MAXIMO_HORA: "10" } });
test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ stage }) => campaignSelected(stage, several(14)));
test.beforeEach(async ({ page, stage }) => logIn(page, stage));

test("the limit warns from 90 %, and «Enviar» says what it holds back", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  const pace = page.getByRole("region", { name: "Ritmo de envío" });
  await expect(pace).toContainText("0 de 10 en la última hora");
  await campaign.send("9", campaign.finishedBatch(9));
  await expect(pace).toContainText("9 de 10 en la última hora");
  await expect(pace).toContainText("Cerca del límite");

  const dialog = await campaign.openSend("3");
  await expect(dialog).toContainText("9 de 10 en la última hora");
  await expect(dialog).toContainText("ahora saldrá 1 correo; los demás saldrán por sí solos");
  await page.keyboard.press("Escape");
});

test("with the limit reached a batch waits, says until when, and goes on by itself", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  await campaign.send("3", campaign.told(/con 3 correos/));
  const batch = campaign.newestBatch();
  await expect(batch).toContainText("Se alcanzó el ritmo que la cámara fijó");
  await expect(batch).toContainText(/Continuará por sí solo (mañana )?a las? \d+:\d\d [ap]\. m\./);
  const pace = page.getByRole("region", { name: "Ritmo de envío" });
  await expect(pace).toContainText("Límite alcanzado");
  await expect(pace).toContainText("El próximo correo podrá salir");

  const dialog = await campaign.openSend("1");
  await expect(dialog).toContainText("Ahora no puede salir ningún correo");
  await expect(dialog).toContainText(/comenzará por sí solo (mañana )?a las? \d+:\d\d/);
});
