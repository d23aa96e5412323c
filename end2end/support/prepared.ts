import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EVERYBODY, type Merchant, extract } from "./extract.ts";
import type { Stage } from "./stage.ts";

/** Brings a stage to where the invented merchants have got their mails, by the command line. */
export async function campaignSent(stage: Stage, merchants: readonly Merchant[] = EVERYBODY): Promise<void> {
  await campaignSelected(stage, merchants);
  await stage.cli("enviar", "--camara", stage.chamber, "--cantidad", "500");
}

/** The invented merchants are in the registry and selected; nothing is sent. */
export async function campaignSelected(stage: Stage, merchants: readonly Merchant[] = EVERYBODY): Promise<void> {
  const file = join(stage.folder, "matriculados.csv");
  await writeFile(file, extract(merchants));
  await stage.cli("sincronizar", "--camara", stage.chamber, "--archivo", file);
  await stage.cli("seleccionar", "--camara", stage.chamber);
}
