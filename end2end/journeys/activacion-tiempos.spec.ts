import { ActivationPages } from "../pages/activation.ts";
import { received } from "../support/dispatched.ts";
import { several } from "../support/extract.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** What time does to an activation. The server's clock jumps; nobody waits. */
const people = several(2);

test.use({ story: "tiempos", merchants: 0 });
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage, people));

test("a PIN that expired is replaced, and the request closes in its own time", async ({
  stage, mailbox, telephone, plainTelephone,
}, info) => {
  const [ana, jose] = [await received(mailbox, people[0]!, info), await received(mailbox, people[1]!, info)];
  const pages = new ActivationPages(telephone, "tap");
  const others = new ActivationPages(plainTelephone, "tap");
  for (const [road, mine] of [[pages, ana], [others, jose]] as const) {
    await road.open(stage.activation);
    await road.accept(mine);
    await road.expectPinScreen();
  }
  const old = await mailbox.pinFor(ana.mobile);

  await test.step("too early: the other telephone asks without JavaScript, and is told when", async () => {
    await others.press("Reenviar PIN");
    await expect(others.problem().or(plainTelephone.getByText("Podrá pedir otro desde las"))).toBeVisible();
    await mailbox.pinFor(jose.mobile);
  });

  await test.step("a minute later a new PIN voids the old one", async () => {
    await stage.jumpTo(61);
    await telephone.reload();
    await pages.press("Reenviar PIN");
    await expect(pages.problem()).toContainText("Le enviamos un PIN nuevo");
    await expect(telephone).not.toHaveTitle(/^Error: /);
    const fresh = await mailbox.pinFor(ana.mobile, 2);
    if (old !== fresh) {
      await pages.confirm(old);
      await expect(pages.problem()).toContainText("El PIN no es correcto");
    }
  });

  await test.step("ten minutes later it has expired, and «Reenviar PIN» is the way on", async () => {
    await stage.jumpTo(61 + 11 * 60);
    await pages.confirm(await mailbox.pinFor(ana.mobile, 2));
    await expect(pages.problem()).toContainText("El PIN venció");
    await expect(pages.problem().getByRole("link", { name: /\(604\)/ })).toBeVisible();
    await pages.problem().getByRole("link", { name: "Reenviar PIN" }).tap();
    await expect(telephone.getByRole("button", { name: "Reenviar PIN" })).toBeFocused();
    await telephone.keyboard.press("Enter");
    await expect(pages.problem()).toContainText("Le enviamos un PIN nuevo");
    await pages.confirm(await mailbox.pinFor(ana.mobile, 3));
    await pages.expectActivated();
  });

  await test.step("twenty minutes after the form the request is closed, and a new one begins", async () => {
    await stage.jumpTo(21 * 60);
    await others.confirm("123456");
    await expect(others.problem()).toContainText("La solicitud se cerró por tiempo");
    await expect(plainTelephone).toHaveURL(stage.activation);
    await others.accept(jose);
    await others.expectPinScreen();
    await others.confirm(await mailbox.pinFor(jose.mobile, 2));
    await others.expectActivated();
  });
});
