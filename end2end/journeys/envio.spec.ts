import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { campaignSelected } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "envio", merchants: 0 });

test.beforeAll(async ({ stage }) => campaignSelected(stage));
test.beforeEach(async ({ page, stage }) => logIn(page, stage));

for (const typed of ["0", "-1", "501", "1.5", "1e2", " ", "ana@example.com, eva@example.com"]) {
  test(`«Enviar» refuses «${typed}» with the manual's choices, and nothing leaves`, async ({ page, stage }) => {
    const campaign = new CampaignPage(page, stage.password);
    await campaign.open();
    const dialog = await campaign.openSend(typed);
    await dialog.getByRole("button", { name: "Enviar", exact: true }).click();
    await expect(dialog.getByLabel("Indique")).toHaveAttribute("aria-invalid", "true");
    await expect(dialog).toContainText("El valor indicado no es válido. Digite un correo electrónico");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await campaign.open();
    await campaign.expectFunnel({ enviados: 0 });
  });
}
