package io.navarch.kinds.validatingwebhookconfiguration;

import io.navarch.expressions.Environment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Column;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What webhooks of both kinds must be.
public final class WebhookRules {
    private static final Set<String> OPERATIONS = Set.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");

    private WebhookRules() {}

    public static Column[] columns() {
        return new Column[] {
            Columns.NAME,
            Columns.number("Webhooks", c -> (long) c.get("webhooks").list().size()),
            Columns.AGE
        };
    }

    public static List<FieldError> check(View configuration, View old) {
        var check = new Check();
        var expressions = new ExpressionRules(old, check);
        var names = new HashSet<String>();
        int i = 0;
        for (var hook : configuration.get("webhooks").views()) {
            var at = "webhooks[" + i++ + "]";
            var name = hook.get("name").string();
            if (!name.isEmpty()) {
                var wrong = Names.dnsSubdomain(name);
                check.name(name, at + ".name", wrong);
                if (wrong.isEmpty() && name.split("\\.").length < 3)
                    check.add(FieldError.invalid(
                            at + ".name", name, "should be a domain with at least three segments separated by dots"));
            } else {
                check.add(FieldError.required(at + ".name"));
            }
            if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            hook(hook, at, check);
            conditions(hook.get("matchConditions"), at + ".matchConditions", Environment.admission(), expressions);
        }
        return check.errors();
    }

    private static void hook(View hook, String at, Check check) {
        var effects = hook.get("sideEffects").string();
        if (!hook.get("sideEffects").exists())
            check.add(FieldError.required(at + ".sideEffects", "must specify one of None, NoneOnDryRun"));
        else if (!Set.of("None", "NoneOnDryRun").contains(effects))
            check.add(FieldError.notSupported(at + ".sideEffects", effects, Set.of("None", "NoneOnDryRun")));
        var versions = hook.get("admissionReviewVersions").strings();
        if (versions.isEmpty())
            check.add(FieldError.required(at + ".admissionReviewVersions", "must specify one of v1, v1beta1"));
        else if (!versions.contains("v1") && !versions.contains("v1beta1"))
            check.add(FieldError.invalid(
                    at + ".admissionReviewVersions", versions, "must include at least one of v1, v1beta1"));
        int i = 0;
        reviewVersions(versions, at + ".admissionReviewVersions", check);
        i = 0;
        for (var rule : hook.get("rules").views()) rule(rule, at + ".rules[" + i++ + "]", check);
        client(hook.get("clientConfig"), at + ".clientConfig", check);
    }

    /// Which calls something is asked about.
    public static void rule(View rule, String at, Check check) {
        for (var field : List.of("apiGroups", "apiVersions", "resources")) {
            if (rule.get(field).list().isEmpty()) check.add(FieldError.required(at + "." + field));
            var values = rule.get(field).strings();
            if (!field.equals("apiGroups")) {
                int j = 0;
                for (var value : values) {
                    if (value.isEmpty()) check.add(FieldError.required(at + "." + field + "[" + j + "]"));
                    j++;
                }
            }
            if (values.contains("*") && values.size() > 1 && !field.equals("resources"))
                check.add(FieldError.invalid(
                        at + "." + field, values, "if '*' is present, must not specify other " + words(field)));
        }
        if (rule.get("operations").list().isEmpty()) check.add(FieldError.required(at + ".operations"));
        int i = 0;
        for (var operation : rule.get("operations").strings()) {
            if (!OPERATIONS.contains(operation))
                check.add(FieldError.notSupported(at + ".operations[" + i + "]", operation, OPERATIONS));
            i++;
        }
    }

    private static String words(String field) {
        return field.equals("apiGroups") ? "API groups" : "API versions";
    }

    /// Where something is asked: at a URL or at a service.
    public static void client(View client, String at, Check check) {
        boolean url = client.get("url").exists();
        boolean service = client.get("service").exists();
        if (url == service) {
            check.add(FieldError.required(at, "exactly one of url or service is required"));
            return;
        }
        if (service) {
            for (var field : List.of("name", "namespace"))
                if (client.get("service", field).string().isEmpty())
                    check.add(FieldError.required(at + ".service." + field, "service " + field + " is required"));
            var port = client.get("service", "port");
            if (port.exists() && (port.longOr(0) < 1 || port.longOr(0) > 65535))
                check.add(FieldError.invalid(
                        at + ".service.port",
                        port.value(),
                        "port is not valid: must be between 1 and 65535, inclusive"));
            path(client.get("service", "path").string(), at + ".service.path", check);
            return;
        }
        url(client.get("url").string(), at + ".url", check);
    }

    /// Which versions of its question a webhook understands.
    public static void reviewVersions(List<String> versions, String at, Check check) {
        var seen = new HashSet<String>();
        int i = 0;
        for (var version : versions) {
            var here = at + "[" + i++ + "]";
            check.name(version, here, Names.dns1035Label(version));
            if (!seen.add(version)) check.add(FieldError.invalid(here, version, "duplicate version"));
        }
    }

    private static void path(String path, String at, Check check) {
        if (path.isEmpty() || path.equals("/")) return;
        if (path.equals("//")) {
            check.add(FieldError.invalid(at, path, "segment[0] may not be empty"));
            return;
        }
        if (!path.startsWith("/")) check.add(FieldError.invalid(at, path, "must start with a '/'"));
        var rest = path.substring(1);
        if (rest.endsWith("/")) rest = rest.substring(0, rest.length() - 1);
        int i = 0;
        for (var segment : rest.split("/", -1)) {
            var here = "segment[" + i++ + "]";
            if (segment.isEmpty()) check.add(FieldError.invalid(at, path, here + " may not be empty"));
            else
                for (var wrong : Names.dnsSubdomain(segment))
                    check.add(FieldError.invalid(at, path, here + ": " + wrong));
        }
    }

    /// `https://host[/path]` and nothing else.
    private static void url(String text, String at, Check check) {
        var form = "; desired format: https://host[/path]";
        URI url;
        try {
            url = new URI(text.replace(" ", "%20"));
        } catch (URISyntaxException e) {
            check.add(FieldError.required(at, "url must be a valid URL: " + e.getMessage() + form));
            return;
        }
        if (!"https".equals(url.getScheme()))
            check.add(FieldError.invalid(
                    at,
                    url.getScheme() == null ? "" : url.getScheme(),
                    "'https' is the only allowed URL scheme" + form));
        if (url.getHost() == null || url.getHost().isEmpty())
            check.add(FieldError.invalid(at, "", "host must be provided" + form));
        if (url.getUserInfo() != null)
            check.add(FieldError.invalid(at, url.getUserInfo(), "user information is not permitted in the URL"));
        if (url.getFragment() != null)
            check.add(FieldError.invalid(at, url.getFragment(), "fragments are not permitted in the URL"));
        if (url.getQuery() != null)
            check.add(FieldError.invalid(at, url.getQuery(), "query parameters are not permitted in the URL"));
    }

    /// Named CEL conditions: names are there and differ, expressions compile to a truth value.
    public static void conditions(View conditions, String at, Environment environment, ExpressionRules expressions) {
        var check = expressions.errors();
        var names = new HashSet<String>();
        int i = 0;
        for (var condition : conditions.views()) {
            var here = at + "[" + i++ + "]";
            var name = condition.get("name").string();
            if (check.required(condition.get("name"), here + ".name")) {
                check.name(name, here + ".name", Names.qualifiedName(name));
                if (!names.add(name)) check.add(FieldError.duplicate(here + ".name", name));
            }
            expressions.check(condition.get("expression"), here + ".expression", environment);
        }
        if (i > 64)
            check.add(new FieldError(FieldError.Type.TOO_MANY, at, String.valueOf(i), "must have at most 64 items"));
    }
}
