//! The `configuration` of a plan: unevaluated expressions, module by module. Takes the section's bytes while they are
//! read, gives for each resource the expressions of what is kept, for each module its calls, variables and outputs;
//! refuses nothing: a deleted instance has no entry here, and every lookup may come back empty (plan-json.md 2.3, 3).

use super::keep::{Keep, Paths};
use super::sorted::Sorted;
use super::tree::{Names, Tree};
use super::{Address, Mode, Resource, Value, sniff};
use crate::json::{Cursor, JsonError, SliceDeserializer};
use serde::de::{DeserializeSeed, IgnoredAny};
use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

/// A module of the configuration: one per call, however many instances the call has.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Resources whose type is kept, by mode, type and name.
    resources: Sorted<BlockName, ConfiguredResource>,
    /// Module calls by name.
    pub calls: Sorted<Box<str>, Call>,
    /// Defaults of variables; a variable that must be given has none.
    pub defaults: Sorted<Box<str>, Value>,
    /// Expressions of outputs.
    pub outputs: Sorted<Box<str>, Value>,
}

/// Whether it is a data source, type and name.
type BlockName = (bool, Box<str>, Box<str>);

/// A `resource` or `data` block.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredResource {
    /// Expressions by argument; blocks are lists of such maps.
    pub expressions: Option<Arc<Value>>,
    /// `for_each` or `count`, which may be missing although there is one (plan-json.md 3.3).
    pub repetition: Option<Value>,
    /// Key into `provider_config`.
    pub provider: Option<Box<str>>,
}

/// A `module` block.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Expressions of the arguments that are set.
    pub expressions: Option<Value>,
    /// `for_each` or `count`.
    pub repetition: Option<Value>,
    /// What it calls.
    pub module: Module,
}

impl Module {
    /// The block of a resource instance of the whole plan; `self` is the root.
    pub fn resource_of(&self, resource: &Resource) -> Option<&ConfiguredResource> {
        self.descend(&resource.module)?.resource(resource.mode == Mode::Data, &resource.kind, &resource.name)
    }

    /// A block of this module.
    pub fn resource(&self, data: bool, kind: &str, name: &str) -> Option<&ConfiguredResource> {
        self.resources.find(|known| (known.0, &*known.1, &*known.2).cmp(&(data, kind, name)))
    }

    /// The module of a module instance; `self` is the root.
    pub fn descend(&self, instance: &str) -> Option<&Self> {
        if instance.is_empty() {
            return Some(self);
        }
        // A module path is an address without its resource.
        let address = Address::parse(&format!("{instance}.x.x"))?;
        address.modules.iter().try_fold(self, |module, step| module.calls.get(step.name.as_str()).map(|call| &call.module))
    }

    /// The module of an address, its calls made where they are missing; `self` is the root.
    pub fn module_for(&mut self, address: &Address) -> &mut Self {
        address.modules.iter().fold(self, |module, step| &mut module.calls.entry(step.name.as_str()).module)
    }

    fn shrink(&mut self) {
        self.resources.shrink();
        self.calls.shrink();
        self.defaults.shrink();
        self.outputs.shrink();
    }

    /// Adds a block, as examples of policies do.
    pub fn add(&mut self, (data, kind, name): (bool, &str, &str), resource: ConfiguredResource) {
        self.resources.insert((data, kind.into(), name.into()), resource);
    }
}

/// What reading needs at every level.
#[derive(Clone, Copy)]
pub(super) struct ConfigurationReader<'k> {
    pub(super) keep: &'k Keep,
    pub(super) names: &'k Names,
}

impl ConfigurationReader<'_> {
    /// Reads `configuration`.
    pub(super) fn read<R: Read>(self, cursor: &mut Cursor<R>) -> Result<Module, JsonError> {
        let mut root = Module::default();
        cursor.members(|cursor, key| match key {
            "root_module" => self.module(cursor, &mut root),
            _ => cursor.skip(),
        })?;
        Ok(root)
    }

    fn module<R: Read>(self, cursor: &mut Cursor<R>, module: &mut Module) -> Result<(), JsonError> {
        cursor.members(|cursor, key| match key {
            "resources" => cursor.elements(|cursor| {
                if let Some((name, resource)) = cursor.raw(|raw| self.resource(raw))? {
                    module.resources.insert(name, resource);
                }
                Ok(())
            }),
            "module_calls" => cursor.members(|cursor, name| {
                let call = self.call(cursor)?;
                module.calls.insert(name.into(), call);
                Ok(())
            }),
            "variables" => cursor.members(|cursor, name| {
                let entry = cursor.value(|de| self.all(de))?;
                if let Some(default) = entry.get("default") {
                    module.defaults.insert(name.into(), default.clone());
                }
                Ok(())
            }),
            "outputs" => cursor.members(|cursor, name| {
                let entry = cursor.value(|de| self.all(de))?;
                if let Some(expression) = entry.get("expression") {
                    module.outputs.insert(name.into(), expression.clone());
                }
                Ok(())
            }),
            _ => cursor.skip(),
        })?;
        module.shrink();
        Ok(())
    }

    fn call<R: Read>(self, cursor: &mut Cursor<R>) -> Result<Call, JsonError> {
        let mut call = Call::default();
        cursor.members(|cursor, key| {
            match key {
                "module" => self.module(cursor, &mut call.module)?,
                "expressions" => call.expressions = Some(cursor.value(|de| self.all(de))?),
                "for_each_expression" | "count_expression" => call.repetition = Some(cursor.value(|de| self.all(de))?),
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        Ok(call)
    }

    fn all(self, deserializer: &mut SliceDeserializer<'_>) -> Result<Value, serde_json::Error> {
        static ALL: Paths = Paths::All;
        Tree::new(&ALL, self.names).deserialize(deserializer)
    }

    fn resource(self, raw: &[u8]) -> Result<Option<(BlockName, ConfiguredResource)>, serde_json::Error> {
        let passed = sniff::address(raw).is_some_and(|address| {
            let (data, rest) = address.strip_prefix("data.").map_or((false, &*address), |rest| (true, rest));
            rest.split('.').next().is_some_and(|kind| self.keep.of(data, kind).is_none())
        });
        if passed {
            return Ok(None);
        }
        let mut deserializer = serde_json::Deserializer::from_slice(raw);
        deserializer.disable_recursion_limit();
        BlockSeed(self).deserialize(&mut deserializer)
    }
}

/// One entry of a module's `resources`.
struct BlockSeed<'k>(ConfigurationReader<'k>);

impl<'de> DeserializeSeed<'de> for BlockSeed<'_> {
    type Value = Option<(BlockName, ConfiguredResource)>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> serde::de::Visitor<'de> for BlockSeed<'_> {
    type Value = Option<(BlockName, ConfiguredResource)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a resource of the configuration")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        static ALL: Paths = Paths::All;
        let ConfigurationReader { keep, names } = self.0;
        let mut address: Cow<'de, str> = Cow::Borrowed("");
        let mut block = ConfiguredResource::default();
        let mut kept: Option<Address> = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "address" => {
                    address = map.next_value()?;
                    kept = Address::parse(&address).filter(|address| keep.of(address.data, &address.kind).is_some());
                }
                "expressions" if kept.is_some() || address.is_empty() => {
                    let kept = kept.as_ref().and_then(|address| keep.of(address.data, &address.kind));
                    let paths = kept.as_ref().map_or(&ALL, |kept| &kept.paths);
                    block.expressions = Some(Arc::new(map.next_value_seed(Tree::expressions(paths, names))?));
                }
                "for_each_expression" | "count_expression" if kept.is_some() || address.is_empty() => {
                    block.repetition = Some(map.next_value_seed(Tree::new(&ALL, names))?);
                }
                "provider_config_key" if kept.is_some() || address.is_empty() => {
                    block.provider = Some(map.next_value::<Cow<'de, str>>()?.into());
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(kept.map(|address| ((address.data, address.kind.into(), address.name.into()), block)))
    }
}
