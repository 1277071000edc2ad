//! Invokers: each member of a grant that carries `run.routes.invoke`. Grants of roles that are known not to carry it
//! give no subject; where a role cannot be read the subject is there and `invokes` is unknown.

use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
use crate::google::iam::{self, Form, Iam, Level};
use crate::google::{members, roles};
use crate::plan::{Keep, Plan, Provenance, State, Unknown, Value};

/// See design.md 4.2 and 6.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("member", FieldType::Text, "who"),
    field("role", FieldType::Text, "the role granted"),
    field("level", FieldType::Enum(&["service", "project", "folder", "organization"]), "what it is granted on"),
    field("condition", FieldType::Text, "the condition's expression"),
    field("invokes", FieldType::Boolean, "the role carries run.routes.invoke (F-110)"),
    field("agent", FieldType::Boolean, "a Google-managed service agent"),
    field("public", FieldType::Boolean, "allUsers or allAuthenticatedUsers (F-113)"),
    field("authoritative", FieldType::Boolean, "the grant replaces what others add (F-117)"),
    field("services", ADDRESSES, "the services it may invoke by this grant"),
];

/// Levels whose policy decides who invokes.
pub(super) fn gates(level: Level) -> bool {
    level.is_inherited() || matches!(level, Level::Service | Level::FunctionGen1)
}

pub(super) fn is_made_of(kind: &str) -> bool {
    iam::iam(kind).is_some_and(|iam| gates(iam.family.level))
}

pub(super) fn keep(keep: &mut Keep) {
    super::keep_grants(keep);
    for kind in ["google_project_iam_custom_role", "google_organization_iam_custom_role"] {
        for path in ["role_id", "project", "org_id", "permissions"] {
            keep.managed_mut(kind).paths.add(path);
        }
    }
    for path in ["binding", "policy_data"] {
        keep.data_mut("google_iam_policy").paths.add(path);
    }
}

/// A grant above the service of a predefined role that does not carry invoke can never matter (F-110).
pub(super) fn goes(role: &str) -> bool {
    !role.is_empty() && !roles::is_custom(role) && roles::carries_invoke(role).is_none()
}

/// Types that are a principal, or that Google gives one.
const IDENTITIES: [&str; 3] = ["google_service_account.", "google_project_service_identity.", "google_bigquery_connection."];

fn refers_to_identity(unknown: &Unknown) -> bool {
    let is_identity = |to: &String| IDENTITIES.iter().any(|kind| to.starts_with(kind) || to.contains(&format!(".{kind}")));
    unknown.to.len() == 1 && unknown.to.iter().all(is_identity)
}

/// One member of one role.
struct Grant {
    role: Value,
    member: Value,
    condition: Value,
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    let (Some(iam), Some(_)) = (iam::iam(&view.resource.kind), view.values()) else { return Vec::new() };
    grants(view, iam).into_iter().filter_map(|grant| document(view, iam, grant)).collect()
}

fn document(view: &View<'_>, iam: Iam, grant: Grant) -> Option<Value> {
    let invokes = invokes(view.plan, iam, &grant.role);
    if invokes.as_bool() == Some(false) {
        return None;
    }
    // A member that refers to an identity is a principal: never everybody, and an agent if it is a service's identity.
    let is = |test: fn(&str) -> bool, of: &str| match &grant.member.state {
        State::Text(member) => view.at(iam.members(), Value::bool(test(member))),
        State::Unknown(unknown) if unknown.from == Provenance::Reference && refers_to_identity(unknown) => {
            let agent = unknown.to.iter().any(|to| to.contains("google_project_service_identity."));
            view.at(iam.members(), Value::bool(of == "agent" && agent))
        }
        _ => grant.member.clone(),
    };
    let level = match iam.family.level {
        Level::Project => "project",
        Level::Folder => "folder",
        Level::Organization => "organization",
        _ => "service",
    };
    let members: Members = vec![
        ("level", view.whole(Value::text(level))),
        ("invokes", Value { evidence: grant.role.evidence.clone(), ..invokes }),
        ("agent", is(members::is_service_agent, "agent")),
        ("public", is(members::is_public, "public")),
        ("authoritative", Value::bool(iam.form != Form::Member)),
        ("services", joined("which services the grant reaches")),
        ("location", iam.family.location.map_or_else(Value::null, |path| view.short(path))),
        ("project", iam.family.project.map_or_else(Value::null, |path| view.short(path))),
        ("member", grant.member),
        ("role", grant.role),
        ("condition", grant.condition),
    ];
    Some(view.document(members))
}

fn grants(view: &View<'_>, iam: Iam) -> Vec<Grant> {
    let condition = |block: &Value| block.at(0).and_then(|block| block.get("expression")).cloned().unwrap_or_else(Value::null);
    let whole = |path: &str| view.find(path).map_or_else(Value::null, condition);
    match iam.form {
        Form::Member => vec![Grant { role: view.read("role"), member: view.read("member"), condition: whole("condition") }],
        Form::Binding => each_member(view, "members", &view.read("members"), &view.read("role"), &whole("condition")),
        Form::Policy => policy_grants(view),
    }
}

fn each_member(view: &View<'_>, path: &str, members: &Value, role: &Value, condition: &Value) -> Vec<Grant> {
    let grant = |member: Value| Grant { role: role.clone(), member, condition: condition.clone() };
    match &members.state {
        State::List(items) => items.iter().map(|member| grant(view.at(path, member.clone()))).collect(),
        State::Unknown(_) => vec![grant(members.clone())],
        _ => Vec::new(),
    }
}

/// The bindings inside `policy_data`: known text, or those of the data source that it refers to.
fn policy_grants(view: &View<'_>) -> Vec<Grant> {
    let data = view.read("policy_data");
    let bindings = match &data.state {
        State::Text(text) => serde_json::from_str::<serde_json::Value>(text)
            .ok()
            .map(|policy| Value::from(&policy).get("bindings").cloned().unwrap_or_else(Value::null)),
        State::Unknown(unknown) => referenced_bindings(view.plan, unknown),
        _ => Some(Value::list(Vec::new())),
    };
    let Some(bindings) = bindings.filter(|bindings| bindings.as_unknown().is_none()) else {
        let unread = if data.as_unknown().is_some() {
            data
        } else {
            view.at("policy_data", Value::unknown(Provenance::Opaque, "`policy_data` is not the JSON of a policy"))
        };
        return vec![Grant { role: unread.clone(), member: unread, condition: Value::null() }];
    };
    let null = Value::null();
    bindings
        .items()
        .iter()
        .flat_map(|binding| {
            let role = view.at("policy_data", binding.get("role").unwrap_or(&null).clone());
            // In JSON a condition is an object, in the data source a block.
            let condition = binding
                .get("condition")
                .map_or(&null, |condition| condition.at(0).unwrap_or(condition))
                .get("expression")
                .cloned()
                .unwrap_or_else(Value::null);
            each_member(view, "policy_data", binding.get("members").unwrap_or(&null), &role, &condition)
        })
        .collect()
}

fn referenced_bindings(plan: &Plan, unknown: &Unknown) -> Option<Value> {
    let [source] = unknown.to.as_slice() else { return None };
    plan.resource(source)?.after.as_ref()?.get("binding").cloned()
}

/// Whether the role carries invoke: `false` is certain, and everything else is not.
fn invokes(plan: &Plan, iam: Iam, role: &Value) -> Value {
    let name = match &role.state {
        State::Text(name) => name,
        State::Unknown(unknown) => return custom_by_reference(plan, unknown).map_or_else(|| role.clone(), Value::bool),
        _ => return Value::bool(false),
    };
    if iam.family.level == Level::FunctionGen1 {
        // The list of roles that carry it is not complete: whoever may invoke services may invoke functions, perhaps.
        return match (roles::carries_function_invoke(name), roles::carries_invoke(name)) {
            (Some(_), _) => Value::bool(true),
            (None, Some(_)) => Value::unknown(
                Provenance::Opaque,
                format!("whether `{name}` carries cloudfunctions.functions.invoke is in no fact (F-111)"),
            ),
            (None, None) => Value::bool(false),
        };
    }
    if roles::carries_invoke(name).is_some() {
        return Value::bool(true);
    }
    if !roles::is_custom(name) {
        return Value::bool(false);
    }
    let known = custom_roles(plan).find(|(id, _)| id == &**name);
    known.map_or_else(
        || Value::unknown(Provenance::Opaque, format!("the permissions of the custom role `{name}` are not in the plan")),
        |(_, permissions)| carries(&permissions).map_or(permissions, Value::bool),
    )
}

/// Ids and permissions of the plan's custom roles.
fn custom_roles(plan: &Plan) -> impl Iterator<Item = (String, Value)> {
    plan.resources.iter().filter_map(|resource| {
        let after = resource.after.as_ref().filter(|_| resource.kind.ends_with("_iam_custom_role"))?;
        let id = after.get("role_id")?.as_text()?;
        let parent = match after.get("org_id").and_then(Value::as_text) {
            Some(organization) => format!("organizations/{organization}"),
            None => format!("projects/{}", after.get("project")?.as_text()?),
        };
        Some((format!("{parent}/roles/{id}"), after.get("permissions").cloned().unwrap_or_else(Value::null)))
    })
}

fn custom_by_reference(plan: &Plan, unknown: &Unknown) -> Option<bool> {
    let [reference] = unknown.to.as_slice() else { return None };
    let address = ["id", "name"].iter().find_map(|attribute| reference.strip_suffix(attribute)?.strip_suffix('.'))?;
    let resource = plan.resource(address).filter(|resource| resource.kind.ends_with("_iam_custom_role"))?;
    carries(resource.after.as_ref()?.get("permissions")?)
}

fn carries(permissions: &Value) -> Option<bool> {
    let State::List(items) = &permissions.state else { return None };
    if items.iter().any(|item| item.as_text() == Some(roles::INVOKE)) {
        return Some(true);
    }
    items.iter().all(|item| item.as_text().is_some()).then_some(false)
}
