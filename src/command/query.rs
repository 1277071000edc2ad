//! `plangate query`: the documents that policies see, and what paths select of them.

use super::{Streams, plans};
use crate::cli::Query;
use crate::evaluate::walk::{Node, select};
use crate::failure::Failure;
use crate::plan::keep::{Keep, Paths};
use crate::plan::{Moment, Plan, State, Unknown, Value};
use crate::policy::selector::{Selector, Use};
use crate::subject::{FieldType, Options, SUBJECTS, Subject, SubjectKind, documents};
use crate::suggest::nearest;

pub(super) fn run(arguments: &Query, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let names = || SUBJECTS.iter().map(|subject| subject.name);
    let subject = Subject::named(&arguments.subject).ok_or_else(|| {
        let near = nearest(&arguments.subject, names())
            .map_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")), |near| format!("did you mean `{near}`?"));
        Failure::Usage(format!("there is no subject `{}`; {near}", arguments.subject))
    })?;
    if arguments.fields {
        for field in subject.fields {
            writeln!(streams.out, "{:<20} {:<40} {}", field.name, short(&field.kind), field.about)?;
        }
        return Ok(0);
    }
    let text = arguments.path.as_deref().unwrap_or("$");
    let path = Selector::parse(text, Use::Query).map_err(|error| {
        Failure::Usage(format!(
            "{text}\n{}^ {}{}",
            " ".repeat(error.at),
            error.message,
            error.help.map_or_else(String::new, |help| format!("; {help}"))
        ))
    })?;
    let keep = keep(subject, &path);
    let mut found = Vec::new();
    plans::each(&arguments.plans, &keep, streams, |plan, _| {
        found.extend(matches(&plan, subject, &path, arguments.address.as_deref()));
        Ok(())
    })?;
    let rows: Vec<String> = found
        .iter()
        .map(|(plan, address, value)| format!("  {{\"plan\":{},\"address\":{},\"value\":{value}}}", quoted(plan), quoted(address)))
        .collect();
    if rows.is_empty() {
        writeln!(streams.out, "[]")?;
    } else {
        writeln!(streams.out, "[\n{}\n]", rows.join(",\n"))?;
    }
    Ok(0)
}

fn short(kind: &FieldType) -> String {
    let words = kind.words();
    if words.chars().count() <= 40 { words } else { words.chars().take(39).chain(['…']).collect() }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn keep(subject: &Subject, path: &Selector) -> Keep {
    let mut keep = Keep::default();
    if subject.kind != SubjectKind::Resource {
        subject.keep(&mut keep);
        return keep;
    }
    let names = path.names();
    let mut paths = Paths::default();
    match names.as_slice() {
        [root, below @ ..] if matches!(*root, "after" | "before" | "written") && !below.is_empty() => {
            paths.add_names(below);
        }
        [other, ..] if !matches!(*other, "after" | "before" | "written") => {}
        _ => paths = Paths::All,
    }
    for path in ["project", "location", "region", "zone"] {
        paths.add(path);
    }
    keep.add_pattern(Vec::new(), paths, true);
    keep
}

fn matches(plan: &Plan, subject: &Subject, path: &Selector, address: Option<&str>) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for resource in
        plan.resources.iter().filter(|resource| subject.is_made_of(resource) && address.is_none_or(|address| *resource.address == *address))
    {
        for document in documents(subject, plan, resource, Options { moment: Moment::After, explain: false, with_before: true }) {
            let nodes = select(Node::root(&document), &path.segments, &document);
            let values = nodes
                .items
                .iter()
                .map(|node| json(node.value, node.sensitive))
                .chain(nodes.open.iter().map(|unknown| unknown_json(unknown)));
            found.extend(values.map(|value| (plan.label.to_string(), resource.address.to_string(), value)));
        }
    }
    found.sort();
    found
}

/// JSON in which unknown and sensitive values say what they are (design.md 4.3).
fn json(value: &Value, sensitive: bool) -> String {
    if sensitive || value.sensitive {
        return "{\"$sensitive\":true}".to_owned();
    }
    match &value.state {
        State::Unknown(unknown) => unknown_json(unknown),
        State::List(items) => format!("[{}]", items.iter().map(|item| json(item, false)).collect::<Vec<_>>().join(",")),
        State::Map(members) => format!(
            "{{{}}}",
            members.iter().map(|(key, member)| format!("{}:{}", quoted(key), json(member, false))).collect::<Vec<_>>().join(",")
        ),
        _ => value.shown(),
    }
}

fn unknown_json(unknown: &Unknown) -> String {
    let to = unknown.to.iter().map(|to| quoted(to)).collect::<Vec<_>>().join(",");
    let decide = unknown.would_decide.as_ref().map_or_else(|| "null".to_owned(), |text| quoted(text));
    format!(
        "{{\"$unknown\":{{\"from\":\"{}\",\"to\":[{to}],\"reason\":{},\"would_decide\":{decide}}}}}",
        unknown.from.word(),
        quoted(&unknown.reason)
    )
}
