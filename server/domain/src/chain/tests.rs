use proptest::prelude::*;

use super::*;

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    camara: String,
    secuencia: i64,
    at: i64,
    actor: String,
    accion: String,
    detalle: String,
    previous: String,
    hash: String,
}

impl Kept {
    fn entry(&self) -> Entry<'_> {
        Entry {
            camara: &self.camara,
            secuencia: self.secuencia,
            ocurrida_en: Timestamp(self.at),
            actor: &self.actor,
            accion: &self.accion,
            detalle: &self.detalle,
        }
    }
}

type Content = (i64, String, String, String);

/// A whole chain of these contents, and its head.
fn chain(contents: &[Content]) -> (Vec<Kept>, Link) {
    let mut head = Link::genesis();
    let mut entries = Vec::new();
    for (at, actor, accion, detalle) in contents {
        let mut kept = Kept {
            camara: "55".to_owned(),
            secuencia: head.secuencia + 1,
            at: *at,
            actor: actor.clone(),
            accion: accion.clone(),
            detalle: detalle.clone(),
            previous: head.hash.clone(),
            hash: String::new(),
        };
        kept.hash = entry_hash(&kept.previous, &kept.entry());
        head = Link { secuencia: kept.secuencia, hash: kept.hash.clone() };
        entries.push(kept);
    }
    (entries, head)
}

fn verify(entries: &[Kept], head: &Link) -> Result<Link, Flaw> {
    let mut walk = Walk::default();
    for kept in entries {
        walk.step(&kept.entry(), &kept.previous, &kept.hash)?;
    }
    walk.end(head)
}

/// What somebody with the database in hand may do to a chain.
#[derive(Clone, Debug)]
enum Tampering {
    /// Changes one field of one entry.
    Change { field: usize, text: String },
    /// Changes one entry and makes its own hash anew.
    ChangeAndRehash { text: String },
    /// Takes an entry out.
    Remove,
    /// Takes an entry out and closes the gap in the numbers.
    RemoveAndRenumber,
    /// Exchanges an entry with another.
    Swap { with: usize },
    /// Puts a copy of an entry after it.
    Insert,
    /// Cuts the end off.
    Truncate,
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        (0_usize..8, "[a-z0-9=]{0,9}").prop_map(|(field, text)| Tampering::Change { field, text }),
        "[a-z0-9=]{0,9}".prop_map(|text| Tampering::ChangeAndRehash { text }),
        Just(Tampering::Remove),
        Just(Tampering::RemoveAndRenumber),
        (0_usize..40).prop_map(|with| Tampering::Swap { with }),
        Just(Tampering::Insert),
        Just(Tampering::Truncate),
    ]
}

fn tamper(entries: &mut Vec<Kept>, at: usize, how: Tampering) {
    let at = at % entries.len();
    match how {
        Tampering::Change { field, text } => {
            let kept = &mut entries[at];
            match field {
                0 => kept.camara = text,
                1 => kept.secuencia += 1 + i64::try_from(text.len()).unwrap(),
                2 => kept.at -= 1,
                3 => kept.actor = text,
                4 => kept.accion = text,
                5 => kept.detalle = text,
                6 => kept.previous = text,
                _ => kept.hash = text,
            }
        }
        Tampering::ChangeAndRehash { text } => {
            entries[at].detalle = text;
            entries[at].hash = entry_hash(&entries[at].previous, &entries[at].entry());
        }
        Tampering::Remove => drop(entries.remove(at)),
        Tampering::RemoveAndRenumber => {
            entries.remove(at);
            entries[at..].iter_mut().for_each(|kept| kept.secuencia -= 1);
        }
        Tampering::Swap { with } => {
            let with = with % entries.len();
            entries.swap(at, with);
        }
        Tampering::Insert => entries.insert(at, entries[at].clone()),
        Tampering::Truncate => entries.truncate(at),
    }
}

proptest! {
    #[test]
    fn a_whole_chain_holds_and_no_change_of_it_does(
        contents in prop::collection::vec((0_i64..9_999, "\\PC{0,6}", "[a-z_]{1,9}", "\\PC{0,9}"), 1..40),
        at in 0_usize..40,
        how in tampering(),
    ) {
        let (whole, head) = chain(&contents);
        prop_assert_eq!(verify(&whole, &head), Ok(head.clone()));
        let mut tampered = whole.clone();
        tamper(&mut tampered, at, how);
        prop_assume!(tampered != whole);
        let found = verify(&tampered, &head);
        prop_assert!(found.is_err());
        // The place told is never beyond the first entry that differs.
        let same = whole.iter().zip(&tampered).take_while(|(a, b)| a == b).count();
        prop_assert!(found.unwrap_err().secuencia() <= i64::try_from(same).unwrap() + 2);
    }

    #[test]
    fn no_two_entries_read_alike(a in "\\PC{0,6}", b in "\\PC{0,6}", c in "\\PC{0,6}", d in "\\PC{0,6}") {
        let entry = |actor, detalle| Entry {
            camara: "55", secuencia: 1, ocurrida_en: Timestamp(0), actor, accion: "x", detalle,
        };
        let (one, other) = (entry_hash(GENESIS, &entry(&a, &b)), entry_hash(GENESIS, &entry(&c, &d)));
        prop_assert_eq!(one == other, (a, b) == (c, d));
    }
}

#[test]
fn the_first_flaw_is_told_with_its_place() {
    let contents: Vec<Content> = (0..5).map(|n| (n, "ana".into(), "seleccion".into(), format!("n={n}"))).collect();
    let (whole, head) = chain(&contents);
    let broken = |change: fn(&mut Vec<Kept>)| {
        let mut entries = whole.clone();
        change(&mut entries);
        verify(&entries, &head).unwrap_err()
    };
    assert_eq!(broken(|e| e[2].detalle.push('0')), Flaw::Altered { secuencia: 3 });
    assert_eq!(broken(|e| drop(e.remove(1))), Flaw::Missing { secuencia: 2, found: 3 });
    assert_eq!(broken(|e| e[3].previous = GENESIS.to_owned()), Flaw::Unlinked { secuencia: 4 });
    assert_eq!(broken(|e| e.truncate(4)), Flaw::Head { last: 4, head: 5 });
    assert_eq!(broken(Vec::clear), Flaw::Head { last: 0, head: 5 });
}

#[test]
fn the_hash_is_the_one_that_the_guide_for_third_parties_describes() {
    // printf '64:%s\n2:55\n1:1\n13:1767238200000\n3:ana\n9:seleccion\n8:ano=2026\n' 000… | sha256sum
    let entry = Entry {
        camara: "55",
        secuencia: 1,
        ocurrida_en: Timestamp(1_767_238_200_000),
        actor: "ana",
        accion: "seleccion",
        detalle: "ano=2026",
    };
    assert_eq!(entry_hash(GENESIS, &entry), "c403aaafdf3d9ab554c5dbf6156ad19237213139cf5e7b3e33ad713550fb3feb");
}
