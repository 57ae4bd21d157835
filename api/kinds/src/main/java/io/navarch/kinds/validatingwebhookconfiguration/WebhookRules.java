package io.navarch.kinds.validatingwebhookconfiguration;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Scope;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.model.ApiObject;
import io.navarch.model.Enumeration;
import io.navarch.model.MatchCondition;
import io.navarch.model.OperationType;
import io.navarch.model.RuleWithOperations;
import io.navarch.model.ServiceReference;
import io.navarch.model.SideEffectClass;
import io.navarch.model.ValidatingWebhook;
import io.navarch.model.ValidatingWebhookConfiguration;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What webhooks of both kinds must be. A mutating webhook has every field of a validating one, so it is read as one.
public final class WebhookRules {
    private static final Set<String> SCOPES = Set.of("*", "Cluster", "Namespaced");
    private static final Set<String> OPERATIONS = Enumeration.texts(OperationType.values());

    private WebhookRules() {}

    public static void columns(ColumnList<? extends ApiObject> columns) {
        columns.name()
                .number("Webhooks", configuration -> webhooks(configuration).size())
                .age();
    }

    private static List<ValidatingWebhook> webhooks(ApiObject configuration) {
        return ValidatingWebhookConfiguration.of(View.over(configuration)).webhooks();
    }

    public static List<FieldError> check(ApiObject configuration, ApiObject old) {
        var check = new Check();
        var expressions = new ExpressionRules(old, check);
        var names = new HashSet<String>();
        int i = 0;
        for (var hook : webhooks(configuration)) {
            var at = "webhooks[" + i++ + "]";
            var name = hook.name();
            if (name.isEmpty()) check.add(FieldError.required(at + ".name"));
            else name(name, at + ".name", check);
            if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            hook(hook, at, check);
            if (hook.timeoutSeconds() < 1 || hook.timeoutSeconds() > 30)
                check.invalid(
                        at + ".timeoutSeconds",
                        hook.timeoutSeconds(),
                        "the timeout value must be between 1 and 30 seconds");
            conditions(
                    hook.matchConditions(),
                    at + ".matchConditions",
                    ExpressionRules.scope(CelEnvironment.admission()),
                    expressions);
            understood(hook, at, check);
        }
        return check.errors();
    }

    private static void name(String name, String at, Check check) {
        var wrong = Names.dnsSubdomain(name);
        check.name(name, at, wrong);
        if (wrong.isEmpty() && name.split("\\.").length < 3)
            check.add(
                    FieldError.invalid(at, name, "should be a domain with at least three segments separated by dots"));
    }

    private static void hook(ValidatingWebhook hook, String at, Check check) {
        int i = 0;
        for (var rule : hook.rules()) rule(rule, at + ".rules[" + i++ + "]", check);
        var effects = hook.raw(ValidatingWebhook.SIDE_EFFECTS);
        if (effects.exists())
            check.oneOf(
                    effects,
                    at + ".sideEffects",
                    Enumeration.texts(SideEffectClass.NONE, SideEffectClass.NONE_ON_DRY_RUN));
        else check.add(FieldError.required(at + ".sideEffects", "must specify one of None, NoneOnDryRun"));
        client(hook.clientConfig(), at + ".clientConfig", check);
    }

    private static void understood(ValidatingWebhook hook, String at, Check check) {
        var versions = hook.admissionReviewVersions();
        if (versions.isEmpty())
            check.add(FieldError.required(at + ".admissionReviewVersions", "must specify one of v1, v1beta1"));
        else if (!versions.contains("v1") && !versions.contains("v1beta1"))
            check.add(FieldError.invalid(
                    at + ".admissionReviewVersions", versions, "must include at least one of v1, v1beta1"));
        reviewVersions(versions, at + ".admissionReviewVersions", check);
    }

    /// Which calls something is asked about.
    public static void rule(RuleWithOperations rule, String at, Check check) {
        var operations = rule.raw(RuleWithOperations.OPERATIONS).views();
        if (operations.isEmpty()) check.add(FieldError.required(at + ".operations"));
        int i = 0;
        for (var operation : operations) check.oneOf(operation, at + ".operations[" + i++ + "]", OPERATIONS);
        if (rule.apiGroups().isEmpty()) check.add(FieldError.required(at + ".apiGroups"));
        onlyAny(rule.apiGroups(), at + ".apiGroups", "API groups", check);
        filled(rule.apiVersions(), at + ".apiVersions", check);
        onlyAny(rule.apiVersions(), at + ".apiVersions", "API versions", check);
        filled(rule.resources(), at + ".resources", check);
        check.oneOf(rule.raw(RuleWithOperations.SCOPE), at + ".scope", SCOPES);
    }

    private static void filled(List<String> values, String at, Check check) {
        if (values.isEmpty()) check.add(FieldError.required(at));
        for (int i = 0; i < values.size(); i++)
            if (values.get(i).isEmpty()) check.add(FieldError.required(at + "[" + i + "]"));
    }

    private static void onlyAny(List<String> values, String at, String words, Check check) {
        if (values.contains("*") && values.size() > 1)
            check.add(FieldError.invalid(at, values, "if '*' is present, must not specify other " + words));
    }

    /// Where something is asked: at a URL or at a service.
    public static void client(WebhookClientConfig client, String at, Check check) {
        boolean service = client.hasService();
        if (client.hasUrl() == service) check.add(FieldError.required(at, "exactly one of url or service is required"));
        else if (service) service(client.service(), at + ".service", check);
        else url(client.url(), at + ".url", check);
    }

    private static void service(ServiceReference service, String at, Check check) {
        check.required(service.name(), at + ".name");
        check.required(service.namespace(), at + ".namespace");
        int port = service.portOr(443);
        if (port < 1 || port > 65535)
            check.add(FieldError.invalid(
                    at + ".port", port, "port is not valid: must be between 1 and 65535, inclusive"));
        path(service.path(), at + ".path", check);
    }

    /// The versions of the review that a webhook understands.
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
            check.add(FieldError.invalid(at, "", "host must be specified" + form));
        if (url.getUserInfo() != null)
            check.add(FieldError.invalid(at, url.getUserInfo(), "user information is not permitted in the URL"));
        if (url.getFragment() != null)
            check.add(FieldError.invalid(at, url.getFragment(), "fragments are not permitted in the URL"));
        if (url.getQuery() != null)
            check.add(FieldError.invalid(at, url.getQuery(), "query parameters are not permitted in the URL"));
    }

    /// Named CEL conditions: each has a name of its own, and an expression that compiles to a truth value.
    public static void conditions(
            List<MatchCondition> conditions, String at, Scope scope, ExpressionRules expressions) {
        var check = expressions.errors();
        var names = new HashSet<String>();
        int i = 0;
        for (var condition : conditions) {
            var here = at + "[" + i++ + "]";
            var name = condition.name();
            expressions.check(condition.raw(MatchCondition.EXPRESSION), here + ".expression", scope);
            if (check.required(name, here + ".name")) {
                check.name(name, here + ".name", Names.qualifiedName(name));
                if (!names.add(name)) check.add(FieldError.duplicate(here + ".name", name));
            }
        }
        if (i > 64)
            check.add(new FieldError(FieldError.Type.TOO_MANY, at, String.valueOf(i), "must have at most 64 items"));
    }
}
