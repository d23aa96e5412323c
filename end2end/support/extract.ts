/** Invented merchants and the SIREP extract that holds them. No real person's data. */

export interface Merchant {
  matricula: string;
  numid: string;
  apellido1: string;
  apellido2: string;
  nombre1: string;
  emailnot: string;
  celnot: string;
  [column: string]: string;
}

/** The year in process: Bogotá's current one. */
export const YEAR = Number(new Intl.DateTimeFormat("en", { timeZone: "America/Bogota", year: "numeric" }).format());

const COLUMNS = [
  "matricula", "organizacion", "categoria", "estmatricula", "razonsocial", "apellido1", "apellido2", "nombre1",
  "nombre2", "idclase", "numid", "nit", "fecmatricula", "fecrenovacion", "ultanoren", "feccancelacion", "muncom",
  "telcom1", "telcom2", "celcom", "emailcom", "munnot", "telnot", "telnot2", "celnot", "emailnot",
  "fecsincronizacion", "horsincronizacion",
];

/** An invented merchant who qualifies, with these columns changed. */
export function merchant(position: number, apellido1: string, nombre1: string, changes: Partial<Merchant> = {}): Merchant {
  return {
    matricula: String(21_000 + position),
    organizacion: "01",
    categoria: "0",
    estmatricula: "MA",
    apellido1,
    apellido2: "Ñuñez",
    nombre1,
    idclase: "1",
    numid: String(71_200_300 + position),
    fecmatricula: "20150310",
    fecrenovacion: `${YEAR - 1}0315`,
    ultanoren: String(YEAR - 1),
    muncom: "05266",
    munnot: "05266",
    emailnot: `comerciante${position}@example.com`,
    celnot: `30012340${String(position).padStart(2, "0")}`,
    ...changes,
  } as Merchant;
}

/** Six who qualify, in the order in which they will be selected. */
export const QUALIFYING: readonly Merchant[] = [
  merchant(1, "Ríos", "Ana"),
  merchant(2, "Peña", "José"),
  merchant(3, "Gómez", "María"),
  merchant(4, "Zapata", "Luis", { emailnot: "", emailcom: "comerciante4@example.com" }),
  merchant(5, "Muñoz", "Inés", { celnot: "", telcom1: "3001234005" }),
  merchant(6, "Cano", "Raúl"),
];

/** One for each reason to be left out that needs no history. */
export const LEFT_OUT: readonly Merchant[] = [
  merchant(11, "", "", { organizacion: "16", razonsocial: "Comercial Inventada SAS", idclase: "2" }),
  merchant(12, "Vélez", "Rosa", { estmatricula: "MC" }),
  merchant(13, "Toro", "Elías", { ultanoren: String(YEAR - 2) }),
  merchant(14, "Mesa", "Nora", { emailnot: "nora@@example.com" }),
  merchant(15, "Lara", "Iván", { celnot: "6044442344" }),
  merchant(16, "Ríos", "Ana", { numid: "71200301" }),
];

export const EVERYBODY = [...QUALIFYING, ...LEFT_OUT];

/** That many more who qualify. What stands after the `+` tells the demo's mail server what to do with the mail. */
export function several(count: number, habit = "", from = 30): Merchant[] {
  return Array.from({ length: count }, (_, at) => {
    const position = from + at;
    return merchant(position, "Arango", `Persona ${position}`, { emailnot: addressOf(position, habit) });
  });
}

function addressOf(position: number, habit: string): string {
  return `comerciante${position}${habit && `+${habit}`}@example.com`;
}

/** The name as the registry composes it. */
export function nameOf(m: Merchant): string {
  return [m.apellido1, m.apellido2, m.nombre1].filter(Boolean).join(" ");
}

/** The extract as SIREP would write it, UTF-8. */
export function extract(merchants: readonly Merchant[] = EVERYBODY, delimiter = ";"): Buffer {
  const rows = merchants.map((m) => COLUMNS.map((column) => m[column] ?? "").join(delimiter));
  return Buffer.from([COLUMNS.join(delimiter), ...rows, ""].join("\r\n"), "utf8");
}
