package io.navarch.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.Test;

class OpenApiConversionTest {
    private static View converted(String two) {
        return View.of(OpenApiConversion.three(View.of(Yaml.parse(two)).map()));
    }

    private static Object yaml(String text) {
        return View.of(Yaml.parse(text)).value();
    }

    @Test
    void bodiesAndAnswersHaveContentOfEachType() {
        var document = converted("""
                info: {title: toys, version: v1}
                paths:
                  /apis/toys/v1/toys:
                    parameters: [{name: pretty, in: query, type: string, uniqueItems: true}]
                    post:
                      operationId: create
                      consumes: ['*/*']
                      produces: [application/json, application/yaml]
                      x-kubernetes-action: post
                      parameters:
                      - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Toy'}}
                      - {name: dryRun, in: query, type: string}
                      responses: {'200': {description: OK, schema: {$ref: '#/definitions/Toy'}}, '401': {description: 'No'}}
                """);
        assertThat(document.get("openapi").string()).isEqualTo("3.0.0");
        assertThat(document.get("info").value()).isEqualTo(yaml("{title: toys, version: v1}"));
        var path = document.get("paths", "/apis/toys/v1/toys");
        assertThat(path.get("parameters").value())
                .isEqualTo(yaml("[{name: pretty, in: query, schema: {type: string, uniqueItems: true}}]"));
        assertThat(path.get("post").value()).isEqualTo(yaml("""
                operationId: create
                x-kubernetes-action: post
                parameters: [{name: dryRun, in: query, schema: {type: string}}]
                requestBody: {content: {'*/*': {schema: {$ref: '#/components/schemas/Toy'}}}}
                responses:
                  '200':
                    description: OK
                    content:
                      application/json: {schema: {$ref: '#/components/schemas/Toy'}}
                      application/yaml: {schema: {$ref: '#/components/schemas/Toy'}}
                  '401': {description: 'No'}
                """));
    }

    @Test
    void referencesLeadToComponentsAndAreWrappedWhereTheyAreDescribed() {
        var schemas = converted("""
                definitions:
                  Toy:
                    type: object
                    properties:
                      $ref: {type: string}
                      metadata: {description: its metadata, $ref: '#/definitions/Meta'}
                      parts: {type: array, items: {$ref: '#/definitions/Toy'}}
                      byName: {type: object, additionalProperties: {$ref: '#/definitions/Toy'}}
                """).get("components", "schemas");
        assertThat(schemas.get("Toy").value()).isEqualTo(yaml("""
                type: object
                properties:
                  $ref: {type: string}
                  metadata: {description: its metadata, allOf: [{$ref: '#/components/schemas/Meta'}]}
                  parts: {type: array, items: {$ref: '#/components/schemas/Toy'}}
                  byName: {type: object, additionalProperties: {$ref: '#/components/schemas/Toy'}}
                """));
    }

    @Test
    void nonsenseConvertsToNothing() {
        assertThat(converted("{paths: {/a: 1, /b: [x]}, definitions: {A: [1, null], B: x}}")
                        .get("components", "schemas", "B")
                        .value())
                .isEqualTo("x");
    }
}
