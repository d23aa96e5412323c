import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { expectAccessible } from "../support/accessible.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "diagnostico-mal", merchants: 0, common: { MASIVOS_SMTP_ENCRIPTION: "tls" } });

test("with an encryption that the server does not speak, the failed step says what to change", async ({
  page, stage,
}) => {
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
