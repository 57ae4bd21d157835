package io.navarch.kinds.customresource;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.BuiltInKinds;
import io.navarch.objects.Yaml;
import io.navarch.schema.walk.CanonicalForm;
import io.navarch.schema.walk.Pruning;
import io.navarch.schema.walk.UnknownFields;
import org.junit.jupiter.api.Test;

/// Schemas that stand where something else might, in `items` and `additionalProperties`, have the form of all others:
/// clients in Go send their empty fields too.
class NestedSchemasTest {
    @Test
    void emptyAndUnknownFieldsAreDroppedAtEachDepth() {
        var sent = Yaml.parse("""
                type: object
                properties:
                  list:
                    type: array
                    title: ''
                    items: {type: array, id: '', uniqueItems: false, strange: 1, items: {type: string, pattern: '', strange: 2}}
                  map:
                    type: object
                    additionalProperties: {type: string, format: '', nullable: false, default: ''}
                  any: {type: object, additionalProperties: true}
                """);
        var schema = BuiltInKinds.types().get("V1JSONSchemaProps");
        var unknown = new UnknownFields();

        Pruning.prune(sent, schema, "", unknown);
        CanonicalForm.apply(sent, schema);

        assertThat(sent).isEqualTo(Yaml.parse("""
                type: object
                properties:
                  list: {type: array, items: {type: array, items: {type: string}}}
                  map: {type: object, additionalProperties: {type: string, default: ''}}
                  any: {type: object, additionalProperties: true}
                """));
        assertThat(unknown.isEmpty()).isTrue();
    }
}
