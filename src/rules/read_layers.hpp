// The heads of layers and their order: each after the one that it extends.
#pragma once

#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

// Reads id, version, jurisdiction and `extends` of every root, and puts layers, texts and roots in
// order. REQUIRES: pack.layers has a source for every root.
void read_layers(Reading& reading);

}  // namespace dangbo::inline v1::rules
