package io.navarch.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergedOpenApiTest {
    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(String text) {
        return Trees.copy((Map<String, Object>) Yaml.parse(text));
    }

    @Test
    void anotherDefinitionOfTheSameNameGetsANameOfItsOwn() {
        var paths = yaml("{/a: {x: 1}}");
        var definitions = yaml("{Meta: {type: object}, Meta_v2: {type: array}, Same: {type: string}}");
        var other = yaml("""
                paths:
                  /a: {x: 2}
                  /b: {list: [{$ref: '#/definitions/Meta'}, {$ref: '#/definitions/Same'}, {$ref: 'elsewhere'}]}
                definitions:
                  Meta: {type: object, self: {$ref: '#/definitions/Meta'}}
                  Same: {type: string}
                  New: {$ref: '#/definitions/Meta'}
                """);
        MergedOpenApi.add(other, paths, definitions);
        assertThat(View.of(paths)).isEqualTo(View.of(yaml("""
                /a: {x: 1}
                /b: {list: [{$ref: '#/definitions/Meta_v3'}, {$ref: '#/definitions/Same'}, {$ref: 'elsewhere'}]}
                """)));
        assertThat(View.of(definitions)).isEqualTo(View.of(yaml("""
                Meta: {type: object}
                Meta_v2: {type: array}
                Meta_v3: {type: object, self: {$ref: '#/definitions/Meta_v3'}}
                Same: {type: string}
                New: {$ref: '#/definitions/Meta_v3'}
                """)));
    }
}
