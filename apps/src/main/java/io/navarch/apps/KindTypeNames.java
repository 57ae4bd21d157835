package io.navarch.apps;

import io.navarch.apiserver.discovery.TypeNames;
import io.navarch.kinds.types.Types;
import io.navarch.schema.types.Schema;

/// What documents say of types, as the built-in kinds' are called.
record KindTypeNames(Types types) implements TypeNames {
    @Override
    public String description(String type, String field) {
        return types.description(type, field);
    }

    @Override
    public Schema type(String type) {
        return types.get(type);
    }

    @Override
    public String fact(String type, String field, String word) {
        return types.fact(type, field, word);
    }

    @Override
    public String published(String type) {
        return types.publishedName(type);
    }

    @Override
    public String of(String apiVersion, String kind) {
        return types.nameOf(apiVersion, kind);
    }
}
