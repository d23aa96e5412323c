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
    const send = dialog.getByRole("button", { name: /^Enviar/ });
    if (await send.isEnabled()) await send.click();
    await expect(dialog).toContainText("un número entre 1 y 500");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await campaign.open();
    await campaign.expectFunnel({ Enviados: 0 });
  });
}
