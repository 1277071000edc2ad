//! Every address of a plan, without its values. Takes the addresses while they are read; gives whether a referenced
//! object exists after apply; refuses to keep text: a plan of 100,000 resources costs two megabytes.

use std::hash::{DefaultHasher, Hash, Hasher};

/// See the module's documentation.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// Hashes of whole addresses, sorted once reading ends.
    addresses: Vec<u64>,
    /// Hashes of addresses without the instance key; the lowest bit says that the instance exists after apply.
    instances: Vec<u64>,
    /// The resource types there are.
    kinds: Vec<Box<str>>,
}

/// The instances of one resource within one module instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instances {
    /// How many there are in the plan.
    pub count: usize,
    /// All of them exist after apply.
    pub all_exist: bool,
}

/// FNV-free and stable within a run; nothing of it leaves the process.
fn hash(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.hash(&mut hasher);
    }
    hasher.finish()
}

impl Roster {
    /// Adds an instance of `kind.name` in the module instance `module`.
    pub fn add(&mut self, address: &str, (module, kind, name): (&str, &str, &str), exists: bool) {
        self.addresses.push(hash(&[address]));
        self.instances.push((hash(&[module, kind, name]) & !1) | u64::from(exists));
        if !self.kinds.iter().any(|known| **known == *kind) {
            self.kinds.push(kind.into());
        }
    }

    /// Ends reading: lookups may follow.
    pub fn sort(&mut self) {
        self.addresses.sort_unstable();
        self.instances.sort_unstable();
        self.addresses.shrink_to_fit();
        self.instances.shrink_to_fit();
    }

    /// The address stands in `resource_changes`.
    pub fn has(&self, address: &str) -> bool {
        self.addresses.binary_search(&hash(&[address])).is_ok()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The instances of one resource within one module instance.
    pub fn instances(&self, module: &str, kind: &str, name: &str) -> Instances {
        let wanted = hash(&[module, kind, name]) & !1;
        let from = self.instances.partition_point(|hash| *hash < wanted);
        let found = self.instances.get(from..).unwrap_or_default().iter().take_while(|hash| **hash & !1 == wanted);
        let (mut count, mut all_exist) = (0, true);
        for instance in found {
            count += 1;
            all_exist &= instance & 1 == 1;
        }
        Instances { count, all_exist: all_exist && count > 0 }
    }

    /// Some resource of this type is in the plan.
    pub fn has_kind(&self, kind: &str) -> bool {
        self.kinds.iter().any(|known| **known == *kind)
    }

    /// The resource types of the plan.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| &**kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_counted_per_module_instance() {
        let mut roster = Roster::default();
        roster.add("module.a.t.n[0]", ("module.a", "t", "n"), true);
        roster.add("module.a.t.n[1]", ("module.a", "t", "n"), false);
        roster.add("t.n", ("", "t", "n"), true);
        roster.sort();
        assert_eq!(roster.instances("module.a", "t", "n"), Instances { count: 2, all_exist: false });
        assert_eq!(roster.instances("", "t", "n"), Instances { count: 1, all_exist: true });
        assert_eq!(roster.instances("", "t", "other"), Instances { count: 0, all_exist: false });
        assert!(roster.has("module.a.t.n[1]") && !roster.has("t.n[0]"));
    }
}
