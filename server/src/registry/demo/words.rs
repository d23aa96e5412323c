//! Words for people and businesses that do not exist.

pub(super) const GIVEN: [&str; 28] = [
    "ANA", "LUIS", "MARÍA", "JOSÉ", "INÉS", "RAÚL", "SOFÍA", "ANDRÉS", "LUCÍA", "DIEGO", "ÍNGRID", "TOMÁS", "ÁNGELA",
    "NICOLÁS", "BEGOÑA", "ÓSCAR", "CAMILA", "JULIÁN", "PAULA", "HERNÁN", "VALERIA", "IVÁN", "MARTA", "EFRAÍN", "ROSA",
    "GERMÁN", "IÑIGO", "ÚRSULA",
];

pub(super) const SURNAMES: [&str; 32] = [
    "GUAYACÁN",
    "ARRAYÁN",
    "YARUMO",
    "CEIBA",
    "ROBLEDAL",
    "CANELO",
    "NOGALES",
    "SAUCE",
    "CEDRÓN",
    "BALSO",
    "CHILCO",
    "GUADUA",
    "TURPIAL",
    "COLIBRÍ",
    "BARRANQUERO",
    "TOCHE",
    "MIRLA",
    "CAÑABRAVA",
    "PIÑUELO",
    "PEÑÓN",
    "ÑAPANGO",
    "AGUAÑIL",
    "FRAILEJÓN",
    "ENCENILLO",
    "ALISO",
    "CARACOLÍ",
    "GUALANDAY",
    "SAMÁN",
    "TAMARINDO",
    "ZAPOTE",
    "OÑATAL",
    "CACHARÍ",
];

pub(super) const BUSINESSES: [&str; 12] = [
    "TIENDA",
    "PANADERÍA",
    "FERRETERÍA",
    "PAPELERÍA",
    "TALLER",
    "CONFECCIONES",
    "MISCELÁNEA",
    "DROGUERÍA",
    "CAFÉ",
    "MUÑEQUERÍA",
    "VIÑEDOS",
    "COMPAÑÍA",
];

pub(super) const DOMAINS: [&str; 6] =
    ["example.com", "example.org", "example.net", "correo.example", "negocio.example", "EXAMPLE.COM"];

pub(super) const MUNICIPALITIES: [&str; 5] = ["05266", "05360", "05380", "05631", "05129"];
