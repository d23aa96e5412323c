//! The commands of a guide, run as its readers run them.

use std::path::Path;
use std::process::Command;

/// A guide of `docs/`.
#[derive(Clone, Copy)]
pub struct Guide(pub &'static str);

impl Guide {
    /// The shell commands of the block with this first line.
    fn block(self, name: &str) -> String {
        let guide = std::fs::read_to_string(format!("../docs/{}", self.0)).unwrap();
        let marked = format!("```sh\n# {name}\n");
        let (_, rest) = guide.split_once(&marked).unwrap_or_else(|| panic!("the guide has no block «{name}»"));
        rest.split_once("\n```").unwrap().0.to_owned()
    }

    /// What a block says in this folder, and whether it ended well.
    pub fn run(self, name: &str, folder: &Path, variables: &[(&str, &str)]) -> (bool, String) {
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", &self.block(name)]).current_dir(folder);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}
