//! A map as a sorted list. Most modules of a configuration hold a handful of entries, and there are thousands of
//! modules: a tree node of eleven slots for each would cost more than what is in it.

/// See the module's documentation.
#[derive(Clone, Debug)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// Adds an entry or replaces the one of that key; cheap in order of keys, which is how Terraform writes them.
    pub fn insert(&mut self, key: K, value: V) {
        match self.0.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(at) => {
                if let Some((_, slot)) = self.0.get_mut(at) {
                    *slot = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Gives back the room that growing took beyond what is held.
    pub fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// The entry that `order` finds: how a key compares with the one that is looked for.
    pub fn find(&self, order: impl Fn(&K) -> std::cmp::Ordering) -> Option<&V> {
        self.0.binary_search_by(|(known, _)| order(known)).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }
}

impl<V> Sorted<Box<str>, V> {
    /// The entry of that name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.find(|known| (**known).cmp(name))
    }

    /// The entry of that name, made if it is missing.
    pub fn entry(&mut self, name: &str) -> &mut V
    where
        V: Default,
    {
        let at = match self.0.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (name.into(), V::default()));
                at
            }
        };
        // The place was found or made just now.
        #[allow(clippy::indexing_slicing, reason = "`at` is an index of an entry that is there")]
        &mut self.0[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_whatever_the_order_they_came_in() {
        let mut sorted = Sorted::default();
        for (name, value) in [("b", 1), ("a", 2), ("c", 3), ("b", 4)] {
            sorted.insert(Box::<str>::from(name), value);
        }
        assert_eq!(["a", "b", "c", "d"].map(|name| sorted.get(name).copied()), [Some(2), Some(4), Some(3), None]);
        *sorted.entry("d") += 5;
        assert_eq!(sorted.get("d"), Some(&5));
    }
}
