import { CampaignPage } from "./pages/campaign.ts";
import { logIn } from "./pages/login.ts";
import { expectAccessible } from "./support/accessible.ts";
import { hydrated } from "./support/hydrated.ts";
import { CONSOLE_PLACES, DIALOGS, PUBLIC_PLACES } from "./support/places.ts";
import { campaignSent } from "./support/prepared.ts";
import { expect, test } from "./support/test.ts";

test.use({ story: "accesibilidad", merchants: 60 });
test.beforeAll(async ({ stage }) => campaignSent(stage));

for (const { path } of PUBLIC_PLACES) {
  test(`axe finds nothing on ${path}, desktop and telephone`, async ({ page, telephone }) => {
    for (const screen of [page, telephone]) {
      await screen.goto(path);
      await hydrated(screen);
      await expect(screen.getByRole("heading", { level: 1 })).toHaveCount(1);
      await expectAccessible(screen);
    }
  });
}

test("axe finds nothing in the console, empty lists and dialogs included", async ({ page, stage }) => {
  await logIn(page, stage);
  for (const { path } of CONSOLE_PLACES) {
    await page.goto(path);
    await hydrated(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expectAccessible(page);
  }
  const campaign = new CampaignPage(page, stage.password);
  for (const { button } of DIALOGS) {
    await campaign.open();
    await campaign.button(button).click();
    await expect(campaign.dialog(new RegExp(`^${button}`))).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expectAccessible(page);
  }
});

test("a captured mail is accessible as well", async ({ mailbox }) => {
  const [mail] = await mailbox.mailsTo("comerciante1@example.com");
  await mailbox.page.goto(mail!.address);
  await expectAccessible(mailbox.page);
});
