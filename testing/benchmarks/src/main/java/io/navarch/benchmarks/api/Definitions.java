package io.navarch.benchmarks.api;

import java.io.IOException;
import java.util.Locale;

/// Objects that extend the API, as JSON.
final class Definitions {
    private Definitions() {}

    private static byte[] definition(String kind, String group, String spec) {
        var name = kind + "s";
        return Bodies.bytes("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"%1$s.%2$s"},
                 "spec":{"group":"%2$s","scope":"Namespaced",
                  "names":{"plural":"%1$s","singular":"%3$s","kind":"%4$s","listKind":"%4$sList"},
                  "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
                   {"type":"object","properties":{"spec":{"type":"object","properties":{%5$s}}}}}}]}}
                """.formatted(
                        name, group, kind, kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1), spec));
    }

    /// A schema of 100 KB: eighty objects of ten texts, each described.
    static byte[] large(String kind, String group) {
        var spec = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            spec.append(i == 0 ? "" : ",").append("\"part" + i + "\":{\"type\":\"object\",\"properties\":{");
            for (int j = 0; j < 10; j++) {
                spec.append(j == 0 ? "" : ",")
                        .append("\"field" + j + "\":{\"type\":\"string\",\"maxLength\":" + (100 + j)
                                + ",\"description\":\"Says what is to be done with part " + i + " of a " + kind
                                + " in its field " + j + ".\"}");
            }
            spec.append("}}");
        }
        return definition(kind, group, spec.toString());
    }

    static byte[] small(String kind, String group) {
        return definition(kind, group, "\"value\":{\"type\":\"string\"},\"padding\":{\"type\":\"string\"}");
    }

    /// As large as the ConfigMaps that it is compared with.
    static byte[] widget(String name) {
        return Bodies.bytes("{\"apiVersion\":\"bench.example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\""
                + name + "\"},\"spec\":{\"value\":\"0\",\"padding\":\"" + "x".repeat(5000) + "\"}}");
    }

    private static String rules(String namespace) {
        return """
                "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"%s"}},""".formatted(namespace);
    }

    private static final String MAPS = """
            {"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}""";

    static byte[] policy(String namespace) {
        return Bodies.bytes("""
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy",
                 "metadata":{"name":"bench"},
                 "spec":{"matchConstraints":{%s"resourceRules":[%s]},
                  "validations":[
                   {"expression":"object.metadata.name != 'refused'"},
                   {"expression":"object.data.all(key, size(key) < 64)"},
                   {"expression":"!has(object.binaryData)"},
                   {"expression":"object.data['padding'].size() < 100000"},
                   {"expression":"request.userInfo.username != '' && object.metadata.name.matches('^[a-z0-9]+$')"}]}}
                """.formatted(rules(namespace), MAPS));
    }

    static byte[] binding() {
        return Bodies.bytes("""
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding",
                 "metadata":{"name":"bench"},"spec":{"policyName":"bench","validationActions":["Deny"]}}
                """);
    }

    static byte[] webhook(String namespace, int port, String authority) {
        return Bodies.bytes("""
                {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
                 "metadata":{"name":"bench"},
                 "webhooks":[{"name":"bench.example.com","admissionReviewVersions":["v1"],"sideEffects":"None",
                  %s"rules":[%s],"clientConfig":{"url":"https://127.0.0.1:%d/review","caBundle":"%s"}}]}
                """.formatted(rules(namespace), MAPS, port, authority));
    }

    static byte[] service() {
        return Bodies.bytes("""
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s"},
                 "spec":{"ports":[{"name":"https","port":443}]}}
                """.formatted(ExtensionServer.SERVICE));
    }

    static byte[] endpoints(ExtensionServer other) throws IOException {
        return Bodies.bytes("""
                {"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"%s"},
                 "subsets":[{"addresses":[{"ip":"%s"}],"ports":[{"name":"https","port":%d}]}]}
                """.formatted(ExtensionServer.SERVICE, ExtensionServer.address(), other.port()));
    }

    static byte[] apiService(String namespace, String authority) {
        return Bodies.bytes("""
                {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v1.%1$s"},
                 "spec":{"group":"%1$s","version":"v1","groupPriorityMinimum":1000,"versionPriority":10,
                  "caBundle":"%2$s","service":{"namespace":"%3$s","name":"%4$s"}}}
                """.formatted(ExtensionServer.GROUP, authority, namespace, ExtensionServer.SERVICE));
    }
}
