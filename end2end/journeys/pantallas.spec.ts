import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { several } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSelected } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "pantallas", merchants: 0, common: { MASIVOS_MAXIMO_HORA: "400", MASIVOS_HORARIO: "00:00-24:00" } });

test.beforeAll(async ({ stage }) => {
  await campaignSelected(stage, [...several(3), ...several(1, "rechazado", 40), ...several(1, "incierto", 41)]);
  await stage.cli("enviar", "--camara", stage.chamber, "--cantidad", "5");
});

for (const width of [390, 768]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ page, stage, watch }) => {
    // Mail servers are not knocked at twice in five seconds.
    watch.allow(/probar-conexion.*429/);
    await page.setViewportSize({ width, height: 844 });
    await logIn(page, stage);
    const wide = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const campaign = new CampaignPage(page, stage.password);
    await campaign.openMails(campaign.newestBatch());
    expect(await wide(), "campaign").toBeLessThanOrEqual(0);
    for (const name of ["Probar conexión", "Enviar"]) {
      await campaign.button(name).click();
      await expect(campaign.dialog(new RegExp(`^${name}`))).toBeVisible();
      expect(await wide(), name).toBeLessThanOrEqual(0);
      const overflow = await page.getByRole("dialog").evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
      expect(overflow, `${name}: inside`).toBeLessThanOrEqual(0);
      await page.keyboard.press("Escape");
    }
    await page.goto("/consola/devueltos");
    await hydrated(page);
    expect(await wide(), "returned").toBeLessThanOrEqual(0);
  });
}
