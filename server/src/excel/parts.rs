//! The parts of an .xlsx around its rows (ECMA-376 part 1, §12.3 and §18).

/// Headings and widths (in letters). «Estado» is the only heading with that word.
pub(super) const COLUMNS: [(&str, u8); 12] = [
    ("Año", 7),
    ("Matrícula", 12),
    ("Identificación", 16),
    ("Nombre", 42),
    ("Correo", 38),
    ("Origen del correo", 18),
    ("Celular", 13),
    ("Origen del celular", 18),
    ("Estado", 15),
    ("Seleccionada", 17),
    ("Enviada", 17),
    ("Activada", 17),
];

/// The columns' letters.
pub(super) const LETTERS: &str = "ABCDEFGHIJKL";

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// A sheet and how many data rows it holds.
pub(super) struct Sheet {
    pub number: usize,
    pub rows: u32,
}

impl Sheet {
    pub fn part_name(&self) -> String {
        format!("xl/worksheets/sheet{}.xml", self.number)
    }

    fn title(&self) -> String {
        if self.number == 1 { "Comerciantes".to_owned() } else { format!("Comerciantes {}", self.number) }
    }

    fn last_row(&self) -> u32 {
        self.rows + 1
    }
}

/// Everything before a sheet's rows: the headings stay in sight when it is scrolled.
pub(super) fn sheet_head() -> String {
    let columns: String = (1..)
        .zip(COLUMNS)
        .map(|(at, (_, width))| {
            format!("<col min=\"{at}\" max=\"{at}\" width=\"{width}\" style=\"1\" customWidth=\"1\"/>")
        })
        .collect();
    format!(
        "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\">\
         <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
         <selection pane=\"bottomLeft\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>\
         <cols>{columns}</cols><sheetData>"
    )
}

/// Everything after them.
pub(super) fn sheet_tail(sheet: &Sheet) -> String {
    format!("</sheetData><autoFilter ref=\"A1:L{}\"/></worksheet>", sheet.last_row())
}

/// The parts that name the sheets and style them.
pub(super) fn around(sheets: &[Sheet]) -> [(&'static str, String); 4] {
    [
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml".to_owned())])),
        ("xl/workbook.xml", workbook(sheets)),
        ("xl/_rels/workbook.xml.rels", workbook_relations(sheets)),
        ("xl/styles.xml", styles()),
    ]
}

/// The kinds of the parts; sheets, however many, are the rule and the others the exceptions.
pub(super) fn content_types() -> String {
    let part =
        |name: &str, kind: &str| format!("<Override PartName=\"/{name}\" ContentType=\"{CONTENT}.{kind}+xml\"/>");
    format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"{CONTENT}.worksheet+xml\"/>{}{}</Types>",
        part("xl/workbook.xml", "sheet.main"),
        part("xl/styles.xml", "styles"),
    )
}

fn relations(targets: &[(&str, String)]) -> String {
    let entries: String = (1..)
        .zip(targets)
        .map(|(id, (kind, target))| {
            format!("<Relationship Id=\"rId{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
        })
        .collect();
    format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">{entries}</Relationships>")
}

/// The sheets come first, so that sheet N is `rIdN`.
fn workbook_relations(sheets: &[Sheet]) -> String {
    let mut targets: Vec<(&str, String)> =
        sheets.iter().map(|sheet| ("worksheet", format!("worksheets/sheet{}.xml", sheet.number))).collect();
    targets.push(("styles", "styles.xml".to_owned()));
    relations(&targets)
}

/// The list of sheets, and the name by which Excel knows each one's filter.
fn workbook(sheets: &[Sheet]) -> String {
    let list: String = sheets
        .iter()
        .map(|sheet| format!("<sheet name=\"{}\" sheetId=\"{1}\" r:id=\"rId{1}\"/>", sheet.title(), sheet.number))
        .collect();
    let filters: String = sheets
        .iter()
        .map(|sheet| {
            format!(
                "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{}\" hidden=\"1\">'{}'!$A$1:$L${}</definedName>",
                sheet.number - 1,
                sheet.title(),
                sheet.last_row()
            )
        })
        .collect();
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><bookViews><workbookView/></bookViews>\
         <sheets>{list}</sheets><definedNames>{filters}</definedNames></workbook>"
    )
}

/// Styles 0 (plain), 1 (text: what is typed over a cell stays text) and 2 (headings).
fn styles() -> String {
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
         <font><b/><sz val=\"11\"/><color rgb=\"FFFFFFFF\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\">\
         <fgColor rgb=\"FF1F3A5F\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
         <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
         <xf numFmtId=\"49\" fontId=\"1\" fillId=\"2\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" \
         applyFont=\"1\" applyFill=\"1\"/></cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
    )
}
