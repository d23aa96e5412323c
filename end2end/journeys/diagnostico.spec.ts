import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "diagnostico-bien", merchants: 0 });

test("«Probar conexión» walks the steps and sends nothing, with the keyboard alone", async ({
  page, stage, mailbox,
}) => {
  await logIn(page, stage);
  const campaign = new CampaignPage(page, stage.password);
  const button = campaign.button("Probar conexión");
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = campaign.dialog(/^Probar conexión/);
  await expect(dialog).toContainText(/La conexión con 127\.0\.0\.1:\d+ funciona/, { timeout: 60_000 });
  const steps = dialog.getByRole("listitem");
  await expect(steps.filter({ hasText: "Conexión" })).toContainText(/Bien, [\d.]+ ms/);
  await expect(steps.filter({ hasText: "Remitente" })).toContainText("Bien");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await mailbox.page.goto("/buzon");
  await expect(mailbox.page.getByRole("region", { name: "Correos" }).getByRole("listitem")).toHaveCount(0);
});
