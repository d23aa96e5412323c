import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/test.ts";

test.describe("a mail server that works", () => {
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
});

test.describe("a mail server without the encryption that is set", () => {
  test.use({ story: "diagnostico-mal", merchants: 0, common: { MASIVOS_SMTP_ENCRIPTION: "tls" } });

  test("the failed step says which variable to change", async ({ page, stage }) => {
    await logIn(page, stage);
    const campaign = new CampaignPage(page, stage.password);
    await campaign.button("Probar conexión").click();
    const dialog = campaign.dialog(/^Probar conexión/);
    await expect(dialog).toContainText("falla en: Cifrado", { timeout: 60_000 });
    const failed = dialog.getByRole("listitem").filter({ hasText: "Qué hacer" });
    await expect(failed).toHaveCount(1);
    await expect(failed).toContainText("MASIVOS_SMTP_ENCRIPTION");
    await expect(dialog.getByRole("listitem").filter({ hasText: "Remitente" })).toContainText("No se alcanzó a probar");
    await expectAccessible(page);
    await expect(dialog.getByRole("button", { name: "Probar de nuevo" })).toBeEnabled();
  });
});
