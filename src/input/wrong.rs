//! Takes what was found in place of a plan; gives one sentence that names it and one command that mends it.
//! Refuses to carry text of the input raw: every detail is escaped here, on the way in.

use std::io;

use super::text::{shell_word, visible};

/// How much of the input's own text a message may repeat.
const QUOTED: usize = 120;

macro_rules! kinds {
    ($($kind:ident: $cause:literal, $help:literal;)+) => {
        /// What an input that cannot be judged turned out to be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $(#[doc = $cause] $kind,)+
        }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Sentence and mending command; `{}` stands for the detail, `{name}` for the input.
            const fn row(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$kind => ($cause, $help),)+
                }
            }
        }
    };
}

// One row per kind: sentence, then command or edit. Nothing else names a sentence or a command.
kinds! {
    Empty: "the input is empty: the command that should have written the plan failed or wrote nothing", "terraform show -json tfplan > plan.json";
    Blank: "the input holds only white space: the command that should have written the plan wrote nothing", "terraform show -json tfplan > plan.json";
    Unreadable: "the input cannot be read: {}", "ls -l {name}";
    BinaryPlan: "this is the binary plan that `terraform plan -out` writes, not its JSON form", "terraform show -json {name} > plan.json";
    GzippedBinaryPlan: "this is a binary plan compressed with gzip, not its JSON form", "gunzip -c {name} > tfplan && terraform show -json tfplan > plan.json";
    OtherZip: "this is a zip archive, but not a binary plan: its first entry is not `tfplan`", "unzip -l {name}";
    OtherBinary: "this is binary data, not a plan in JSON", "terraform show -json tfplan > plan.json";
    GzipTwice: "the plan is compressed with gzip twice", "gunzip -c {name} > plan.json.gz";
    GzipDamaged: "the gzip data is damaged: {}", "gzip -t {name}";
    GzipCut: "the gzip data is cut off: the input ends before the compressed plan does", "gzip -t {name}";
    Utf16Damaged: "the UTF-16 text, as PowerShell writes it, is damaged: {}", "cmd /c \"terraform show -json tfplan > plan.json\"";
    Html: "this is a web page, as a proxy or a login page answers, not a plan", "curl -sSf -o plan.json URL";
    Xml: "this is XML, as object storage answers on an error, not a plan", "curl -sSf -o plan.json URL";
    GitLfs: "this is a Git LFS pointer, not the file it points to", "git lfs pull --include={name}";
    PlanText: "this is what `terraform plan` prints for people, not a plan in JSON", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    ShowText: "this is a plan printed for people: `terraform show` was run without `-json`", "terraform show -json tfplan > plan.json";
    StateText: "this is a state printed for people: `terraform show` was run without `-json` and without a plan", "terraform show -json tfplan > plan.json";
    Configuration: "this is Terraform configuration, not a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    ConfigurationJson: "this is Terraform configuration in JSON syntax (`.tf.json`), not a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    ErrorText: "this is the error text of a command that failed: `{}`", "terraform show -json tfplan > plan.json";
    ErrorBeforePlan: "an error stands before the plan, so the plan may be an old one: `{}`", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    Usage: "this is the help text of a command, not a plan", "terraform show -json tfplan > plan.json";
    CiLog: "this is a CI log, and the part read holds no plan", "set `terraform_wrapper: false` on the setup-terraform step, then terraform show -json tfplan > plan.json";
    TerragruntLog: "this is a Terragrunt log, and the part read holds no plan", "terragrunt run --all --json-out-dir DIR -- plan";
    TerragruntJsonLog: "this is a Terragrunt log in JSON (`--log-format json`), not a plan", "terragrunt run --all --json-out-dir DIR -- plan";
    PlanLog: "this is the message log of `terraform plan -json`: its lines hold no planned values and cannot be turned into a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    OtherText: "this is text, not JSON; it starts with `{}`", "terraform show -json tfplan > plan.json";
    ChangesOnly: "this is the array `resource_changes` cut out of a plan, as `jq .resource_changes` prints it", "pass the whole file that `jq` read: terraform show -json tfplan > plan.json";
    Slurped: "this is an array of plans, as `jq -s` writes it", "jq '.[0]' {name} > a.json && jq '.[1]' {name} > b.json && plangate check a.json b.json";
    OtherArray: "this is a JSON array, not a plan: a plan is one JSON object", "terraform show -json tfplan > plan.json";
    Null: "this is JSON `null`, as `jq` prints for a key that is not there", "jq keys INPUT_OF_JQ";
    EncodedString: "this is a JSON string, perhaps with a plan inside it, not a plan", "jq -r . {name} > plan.json";
    Scalar: "this is a single JSON value, not a plan", "terraform show -json tfplan > plan.json";
    State: "this is the JSON of a state, not of a plan: `terraform show -json` was run without a plan file, or on a state file", "terraform show -json tfplan > plan.json";
    EmptyState: "this is the JSON of an empty state, not of a plan: `terraform show -json` was run without a plan file", "terraform show -json tfplan > plan.json";
    StateFile: "this is a state file (`terraform.tfstate`), not a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    ProvidersSchema: "this is the output of `terraform providers schema -json`, not a plan", "terraform show -json tfplan > plan.json";
    Validate: "this is the output of `terraform validate -json`, not a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    Functions: "this is the output of `terraform metadata functions -json`, not a plan", "terraform show -json tfplan > plan.json";
    Version: "this is the output of `terraform version -json`, not a plan", "terraform show -json tfplan > plan.json";
    Output: "this is the output of `terraform output -json`, not a plan", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    StateShow: "this is the output of `terraform state show -json`, not a plan", "terraform show -json tfplan > plan.json";
    Redacted: "this is the redacted plan of HCP Terraform (`json-output-redacted`): it has no `planned_values` and no `configuration`", "curl -sSfL -H \"Authorization: Bearer $TFE_TOKEN\" https://app.terraform.io/api/v2/plans/PLAN_ID/json-output > plan.json";
    CloudBookmark: "this is a bookmark to a plan saved in HCP Terraform, not the plan", "terraform show -json {name} > plan.json";
    HcpPlan: "this is what the HCP Terraform API says about a plan, not the plan: follow its `json-output` link", "curl -sSfL -H \"Authorization: Bearer $TFE_TOKEN\" https://app.terraform.io/api/v2/plans/{}/json-output > plan.json";
    HcpObject: "this is an object of the HCP Terraform API, not a plan", "curl -sSfL -H \"Authorization: Bearer $TFE_TOKEN\" https://app.terraform.io/api/v2/plans/PLAN_ID/json-output > plan.json";
    HcpError: "this is an error answer of the HCP Terraform API: `{}`; a plan's JSON needs a user or team token with admin access to the workspace", "curl -sSfL -H \"Authorization: Bearer $TFE_TOKEN\" https://app.terraform.io/api/v2/plans/PLAN_ID/json-output > plan.json";
    Encrypted: "this is a plan or state encrypted by OpenTofu", "tofu show -json -plan={name} > plan.json";
    TofuConfiguration: "this is the configuration that `tofu show -json -config` prints, not a plan", "tofu show -json -plan=tfplan > plan.json";
    GitLabReport: "this is the count of changes for GitLab's Terraform report, not a plan", "terraform show -json tfplan > plan.json";
    Wrapped: "the plan is wrapped in an object, under the key `{}`", "jq .{} {name} > plan.json";
    WrapperOpen: "the object around the plan is not closed properly: {}", "terraform show -json tfplan > plan.json";
    EmptyObject: "this is an empty JSON object, as `terraform output -json` prints when there are no outputs", "terraform show -json tfplan > plan.json";
    Stripped: "this plan was cut down: it has no {}", "pass the whole output: terraform show -json tfplan > plan.json";
    OtherObject: "this is JSON, but not a plan: it has no {}", "terraform show -json tfplan > plan.json";
    SeveralPlans: "several plans in one stream: another JSON document follows the first; one file holds one plan, so pass several files", "plangate check a.json b.json (Terragrunt writes one file per unit with `--json-out-dir DIR`)";
    TextAfter: "unexpected text after the plan: `{}`", "terraform show -json tfplan > plan.json";
    Truncated: "the plan is cut off: the input ends inside the JSON, after {} bytes", "terraform show -json tfplan > plan.json";
    InvalidJson: "the JSON is not valid at {}", "terraform show -json tfplan > plan.json";
    DuplicateKey: "the key {}, which Terraform never writes: readers would disagree on which one counts", "terraform show -json tfplan > plan.json";
    UnsupportedMajor: "`format_version` is `{}`, but only major version 1 is supported", "plangate --version (a newer plangate may read this plan)";
    ErroredPlan: "the plan is marked `errored`: planning failed part-way, so changes are missing from it", "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
    TooDeep: "the JSON is nested deeper than {} levels", "terraform show -json tfplan > plan.json";
}

/// An input that is not a plan, or not one that can be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.cause())]
pub struct Wrong {
    kind: Kind,
    detail: String,
    offset: Option<u64>,
    line: Option<usize>,
}

impl From<Kind> for Wrong {
    fn from(kind: Kind) -> Self {
        Self::with(kind, "")
    }
}

impl From<io::Error> for Wrong {
    /// Decoders report damage through `io::Error`; their own diagnosis comes back out here.
    fn from(error: io::Error) -> Self {
        let inner = error.get_ref().and_then(|e| e.downcast_ref::<Self>());
        inner.cloned().unwrap_or_else(|| Self::with(Kind::Unreadable, &error.to_string()))
    }
}

impl From<Wrong> for io::Error {
    fn from(wrong: Wrong) -> Self {
        Self::new(io::ErrorKind::InvalidData, wrong)
    }
}

impl Wrong {
    pub(super) fn with(kind: Kind, detail: &str) -> Self {
        Self { kind, detail: visible(detail, QUOTED), offset: None, line: None }
    }

    /// The input ends inside the JSON, after `offset` bytes.
    pub fn truncated(offset: u64) -> Self {
        Self { offset: Some(offset), ..Self::with(Kind::Truncated, &offset.to_string()) }
    }

    /// The JSON breaks off from the grammar at a place; `reason` is the parser's.
    pub fn invalid_json(line: usize, column: usize, offset: u64, reason: &str) -> Self {
        let detail = format!("line {line}, column {column} (byte {offset}): {reason}");
        Self { offset: Some(offset), line: Some(line), ..Self::with(Kind::InvalidJson, &detail) }
    }

    /// `key` stands twice in `place`, e.g. `the plan` or the address of a change.
    pub fn duplicate_key(key: &str, place: &str) -> Self {
        let (key, place) = (visible(key, QUOTED / 2), visible(place, QUOTED));
        let detail = format!("`{key}` stands twice in {place}");
        Self { kind: Kind::DuplicateKey, detail, offset: None, line: None }
    }

    /// `format_version` has a major version other than 1.
    pub fn unsupported_major(version: &str) -> Self {
        Self::with(Kind::UnsupportedMajor, version)
    }

    /// The plan says of itself that planning failed.
    pub fn errored_plan() -> Self {
        Kind::ErroredPlan.into()
    }

    /// The JSON is nested deeper than `limit`.
    pub fn too_deep(limit: usize) -> Self {
        Self::with(Kind::TooDeep, &limit.to_string())
    }

    /// Turns a parser's error into a diagnosis: damage seen by a decoder, a cut-off input, or invalid JSON.
    ///
    /// `offset` is the number of bytes the parser has taken, `lines_before` that of [`super::Opened`].
    pub fn from_json(error: serde_json::Error, offset: u64, lines_before: usize) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Io => io::Error::from(error).into(),
            serde_json::error::Category::Eof => Self::truncated(offset),
            _ => {
                let text = error.to_string();
                let place = format!(" at line {line} column {column}");
                let reason = text.strip_suffix(&place).unwrap_or(&text);
                Self::invalid_json(line.saturating_add(lines_before), column, offset, reason)
            }
        }
    }

    /// What the input is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The byte of the decoded input where reading stopped, where that makes sense.
    pub const fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The line of the decoded input, from 1, where that makes sense.
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// The command or edit that makes the right file; `name` is the input's name, `-` for standard input.
    pub fn help(&self, name: &str) -> String {
        let (_, help) = self.kind.row();
        let filled: Vec<String> = help.split("{name}").map(|part| part.replace("{}", &self.detail)).collect();
        filled.join(&shell_word(name))
    }

    fn cause(&self) -> String {
        let (cause, _) = self.kind.row();
        cause.replace("{}", &self.detail)
    }
}
