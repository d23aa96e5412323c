//! What a screen reader is told (ISO 32000-1, 14.7 and 14.8): headings, paragraphs, lists and links, as a
//! tree over the page's marked content. A letter's tree is the same for all letters: a paragraph is one
//! piece of marked content, however many lines it takes.

use lopdf::{Object, dictionary};

/// The role of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    Title,
    Heading,
    Paragraph,
    Numbered,
    Bulleted,
    Item,
    Label,
    Body,
    Link,
    Figure,
    Form,
}

impl Role {
    /// The standard structure type.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Title => "H1",
            Self::Heading => "H2",
            Self::Paragraph => "P",
            Self::Numbered | Self::Bulleted => "L",
            Self::Item => "LI",
            Self::Label => "Lbl",
            Self::Body => "LBody",
            Self::Link => "Link",
            Self::Figure => "Figure",
            Self::Form => "Form",
        }
    }
}

/// An object that belongs to the tree beside the page's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Annotation {
    /// To the activation.
    Activate,
    /// To the page that verifies.
    Verify,
    /// The signature's field.
    Signature,
}

impl Annotation {
    pub(super) const ALL: [Self; 3] = [Self::Activate, Self::Verify, Self::Signature];

    /// Its key in the parent tree; the page itself has 0.
    pub(super) const fn struct_parent(self) -> i64 {
        self as i64 + 1
    }
}

enum Kid {
    Part(usize),
    Marked(u32),
    Annotation(Annotation),
}

struct Part {
    role: Role,
    parent: usize,
    kids: Vec<Kid>,
    /// What is read in place of a picture.
    alternative: Option<String>,
}

/// The tree while it grows.
pub(super) struct Structure {
    parts: Vec<Part>,
    open: usize,
    next: u32,
    /// The part of each piece of marked content.
    owners: Vec<usize>,
    annotations: Vec<(Annotation, usize)>,
}

impl Structure {
    /// A tree whose marked content is numbered from `first`.
    pub(super) fn from(first: u32) -> Self {
        let document = Part { role: Role::Document, parent: 0, kids: Vec::new(), alternative: None };
        Self { parts: vec![document], open: 0, next: first, owners: Vec::new(), annotations: Vec::new() }
    }

    pub(super) fn open(&mut self, role: Role) {
        let index = self.parts.len();
        self.parts.push(Part { role, parent: self.open, kids: Vec::new(), alternative: None });
        self.parts[self.open].kids.push(Kid::Part(index));
        self.open = index;
    }

    pub(super) fn close(&mut self) {
        self.open = self.parts[self.open].parent;
    }

    /// What stands in place of the open part for those who do not see it.
    pub(super) fn describe(&mut self, alternative: &str) {
        self.parts[self.open].alternative = Some(alternative.to_owned());
    }

    /// The open part gets a piece of marked content: its role and number.
    pub(super) fn mark(&mut self) -> (Role, u32) {
        let number = self.next;
        self.next += 1;
        self.owners.push(self.open);
        let part = &mut self.parts[self.open];
        part.kids.push(Kid::Marked(number));
        (part.role, number)
    }

    pub(super) fn annotate(&mut self, annotation: Annotation) {
        self.parts[self.open].kids.push(Kid::Annotation(annotation));
        self.annotations.push((annotation, self.open));
    }

    /// The number of the next piece of marked content.
    pub(super) const fn next(&self) -> u32 {
        self.next
    }

    /// The tree's objects: its root first, then its parts, numbered from `first`.
    pub(super) fn objects(&self, first: u32, page: u32, annotation: impl Fn(Annotation) -> u32) -> Vec<Object> {
        let place = |part: usize| Object::Reference((first + 1 + part as u32, 0));
        let page = Object::Reference((page, 0));
        let marked = self.owners.iter().map(|owner| place(*owner)).collect();
        let mut parents = vec![0.into(), Object::Array(marked)];
        for wanted in Annotation::ALL {
            if let Some((_, owner)) = self.annotations.iter().find(|(found, _)| *found == wanted) {
                parents.extend([wanted.struct_parent().into(), place(*owner)]);
            }
        }
        let root = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => place(0),
            "ParentTree" => dictionary! { "Nums" => parents },
            "ParentTreeNextKey" => Annotation::ALL.len() as i64 + 1,
        };
        let mut objects = vec![Object::Dictionary(root)];
        for (index, part) in self.parts.iter().enumerate() {
            let parent = if index == 0 { Object::Reference((first, 0)) } else { place(part.parent) };
            let kid = |kid: &Kid| match kid {
                Kid::Part(index) => place(*index),
                Kid::Marked(number) => i64::from(*number).into(),
                Kid::Annotation(which) => {
                    let object = Object::Reference((annotation(*which), 0));
                    dictionary! { "Type" => "OBJR", "Obj" => object, "Pg" => page.clone() }.into()
                }
            };
            let mut element = dictionary! {
                "Type" => "StructElem",
                "S" => part.role.tag(),
                "P" => parent,
                "Pg" => page.clone(),
                "K" => part.kids.iter().map(kid).collect::<Vec<Object>>(),
            };
            if let Some(alternative) = &part.alternative {
                element.set("Alt", lopdf::text_string(alternative));
            }
            if let Role::Numbered | Role::Bulleted = part.role {
                let numbering = if part.role == Role::Numbered { "Decimal" } else { "Disc" };
                element.set("A", dictionary! { "O" => "List", "ListNumbering" => numbering });
            }
            objects.push(Object::Dictionary(element));
        }
        objects
    }
}
