package io.navarch.authentication;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Expressions;
import io.navarch.expressions.Program;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationFields;
import io.navarch.process.ConfigurationReader;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads an `AuthenticationConfiguration`.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
final class AuthenticationConfiguration {
    /// @param anonymous empty when the file says nothing of it
    record Read(List<JwtAuthenticator> issuers, Optional<AnonymousRule> anonymous) {}

    private static final int MOST_ISSUERS = 64;
    private static final List<String> VERSIONS = List.of("v1", "v1beta1", "v1alpha1");
    private static final ConfigurationFields FILE = ConfigurationFields.texts("apiVersion", "kind")
            .listsOfObjects("jwt")
            .objects("anonymous");
    private static final ConfigurationFields ANONYMOUS =
            ConfigurationFields.texts().flags("enabled").listsOfObjects("conditions");
    private static final ConfigurationFields JWT = ConfigurationFields.texts()
            .objects("issuer", "claimMappings")
            .listsOfObjects("claimValidationRules", "userValidationRules");
    private static final ConfigurationFields ISSUER = ConfigurationFields.texts(
                    "url", "discoveryURL", "certificateAuthority", "audienceMatchPolicy", "egressSelectorType")
            .listsOfTexts("audiences");
    private static final ConfigurationFields MAPPINGS =
            ConfigurationFields.texts().objects("username", "groups", "uid").listsOfObjects("extra");
    private static final CelEnvironment CLAIMS =
            new CelEnvironment(Map.of("claims", "map<string,dyn>"), Map.of(), List.of(), false);
    private static final CelEnvironment USER = new CelEnvironment(
            Map.of("user", "kubernetes.UserInfo"),
            Map.of(
                    "kubernetes.UserInfo",
                    Map.of(
                            "username", "string",
                            "uid", "string",
                            "groups", "list<string>",
                            "extra", "map<string,list<string>>")),
            List.of("bool"),
            false);

    /// A domain, a slash and more: what a key of somebody's own looks like.
    private static final Pattern PREFIXED = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[^/\\s].*");

    /// An expression that reads the address, or whether it is verified.
    private static final Pattern EMAIL = Pattern.compile("claims\\s*\\.\\s*\\??email\\b|claims\\[\\??[\"']email[\"']]");
    private static final Pattern VERIFIED =
            Pattern.compile("claims\\s*\\.\\s*\\??email_verified\\b|claims\\[\\??[\"']email_verified[\"']]");

    private final Expressions expressions;
    private final InstantSource clock;
    private final List<String> taken;
    private final ConfigurationReader reader = new ConfigurationReader();

    /// @param taken issuers that nobody else may be: this server's own
    AuthenticationConfiguration(Expressions expressions, InstantSource clock, List<String> taken) {
        this.expressions = expressions;
        this.clock = clock;
        this.taken = taken;
    }

    /// @throws ConfigurationException naming all that is wrong
    Read read(String text) {
        var file = reader.read(text, "AuthenticationConfiguration", VERSIONS, FILE);
        var listed = file.get("jwt").views();
        if (listed.size() > MOST_ISSUERS)
            throw new ConfigurationException("jwt: Too many: " + listed.size() + ": must have at most 64 items");
        var prepared = new ArrayList<Prepared>();
        var issuers = new HashSet<String>();
        var discoveries = new HashSet<String>();
        for (int i = 0; i < listed.size(); i++) {
            var at = "jwt[" + i + "]";
            var issuer = listed.get(i).get("issuer");
            prepared.add(prepare(listed.get(i), at));
            if (!issuers.add(issuer.get("url").string()))
                reader.wrong(FieldError.duplicate(
                        at + ".issuer.url", issuer.get("url").string()));
            var discovery = issuer.get("discoveryURL").string();
            if (!discovery.isEmpty() && !discoveries.add(discovery))
                reader.wrong(FieldError.duplicate(at + ".issuer.discoveryURL", discovery));
        }
        var anonymous = anonymous(file.get("anonymous"));
        reader.check();
        return new Read(prepared.stream().map(this::authenticator).toList(), anonymous);
    }

    private Optional<AnonymousRule> anonymous(View anonymous) {
        if (!anonymous.exists()) return Optional.empty();
        reader.expect(anonymous, "anonymous", ANONYMOUS);
        var paths = new LinkedHashSet<String>();
        var conditions = anonymous.get("conditions").views();
        for (int i = 0; i < conditions.size(); i++) {
            reader.expect(conditions.get(i), "anonymous.conditions[" + i + "]", ConfigurationFields.texts("path"));
            paths.add(conditions.get(i).get("path").string());
        }
        boolean enabled = anonymous.get("enabled").bool();
        if (!enabled && !paths.isEmpty())
            reader.wrong(FieldError.invalid(
                    "anonymous.conditions",
                    anonymous.get("conditions").value(),
                    "enabled should be set to true when conditions are defined"));
        return Optional.of(new AnonymousRule(enabled, paths));
    }

    /// An issuer whose connections are not made before the whole file is right.
    private record Prepared(
            String issuer, String discovery, String authority, List<String> audiences, ClaimRules rules) {}

    private JwtAuthenticator authenticator(Prepared from) {
        var keys = new IssuerKeys(from.issuer, from.discovery, new IssuerDocuments(from.authority), clock);
        return new JwtAuthenticator(from.issuer, from.audiences, keys, from.rules, clock);
    }

    private Prepared prepare(View jwt, String at) {
        reader.expect(jwt, at, JWT);
        var issuer = jwt.get("issuer");
        var here = at + ".issuer";
        reader.expect(issuer, here, ISSUER);
        var url = issuer.get("url").string();
        if (url.isEmpty()) reader.wrong(FieldError.required(here + ".url"));
        else address(url, here + ".url");
        if (taken.contains(url))
            reader.wrong(
                    FieldError.invalid(here + ".url", url, "URL must not overlap with disallowed issuers: " + taken));
        var discovery = issuer.get("discoveryURL").string();
        if (!discovery.isEmpty()) {
            if (discovery.replaceAll("/+$", "").equals(url.replaceAll("/+$", "")))
                reader.wrong(FieldError.invalid(
                        here + ".discoveryURL", discovery, "discoveryURL must be different from URL"));
            address(discovery, here + ".discoveryURL");
        }
        if (issuer.get("egressSelectorType").exists())
            reader.wrong(FieldError.invalid(
                    here + ".egressSelectorType",
                    issuer.get("egressSelectorType").value(),
                    "egress selector is not supported: this server reaches issuers directly"));
        var authority = issuer.get("certificateAuthority").string();
        try {
            if (!authority.isEmpty()) IssuerDocuments.trusting(authority);
        } catch (ConfigurationException e) {
            reader.wrong(
                    FieldError.invalid(here + ".certificateAuthority", "<omitted>", String.valueOf(e.getMessage())));
        }
        var audiences = issuer.get("audiences").strings();
        audiences(audiences, issuer.get("audienceMatchPolicy").string(), here);
        var well = url.replaceAll("/+$", "") + "/.well-known/openid-configuration";
        return new Prepared(url, discovery.isEmpty() ? well : discovery, authority, audiences, rules(jwt, at));
    }

    private void address(String url, String at) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            reader.wrong(FieldError.invalid(at, url, String.valueOf(e.getMessage())));
            return;
        }
        if (!"https".equals(uri.getScheme())) reader.wrong(FieldError.invalid(at, url, "URL scheme must be https"));
        if (uri.getUserInfo() != null)
            reader.wrong(FieldError.invalid(at, url, "URL must not contain a username or password"));
        if (uri.getQuery() != null) reader.wrong(FieldError.invalid(at, url, "URL must not contain a query"));
        if (uri.getFragment() != null) reader.wrong(FieldError.invalid(at, url, "URL must not contain a fragment"));
    }

    private void audiences(List<String> audiences, String policy, String at) {
        if (audiences.isEmpty()) {
            reader.wrong(FieldError.required(at + ".audiences", "at least one " + at + ".audiences is required"));
            return;
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < audiences.size(); i++) {
            if (audiences.get(i).isEmpty()) reader.wrong(FieldError.required(at + ".audiences[" + i + "]"));
            if (!seen.add(audiences.get(i)))
                reader.wrong(FieldError.duplicate(at + ".audiences[" + i + "]", audiences.get(i)));
        }
        boolean any = policy.equals("MatchAny");
        if (audiences.size() > 1 && !any)
            reader.wrong(FieldError.invalid(
                    at + ".audienceMatchPolicy",
                    policy,
                    "audienceMatchPolicy must be MatchAny for multiple audiences"));
        if (audiences.size() == 1 && !policy.isEmpty() && !any)
            reader.wrong(FieldError.invalid(
                    at + ".audienceMatchPolicy",
                    policy,
                    "audienceMatchPolicy must be empty or MatchAny for single audience"));
    }

    private ClaimRules rules(View jwt, String at) {
        var required = new LinkedHashMap<String, String>();
        var conditions =
                claimConditions(jwt.get("claimValidationRules").views(), at + ".claimValidationRules", required);
        var mappings = jwt.get("claimMappings");
        var here = at + ".claimMappings";
        reader.expect(mappings, here, MAPPINGS);
        var username = mapping(mappings.get("username"), here + ".username", true, true)
                .orElse(new ClaimRules.Mapping("", "", Optional.empty()));
        var groups = mapping(mappings.get("groups"), here + ".groups", false, true);
        var uid = mapping(mappings.get("uid"), here + ".uid", false, false);
        var extra = extra(mappings.get("extra").views(), here + ".extra");
        verified(jwt, here);
        return new ClaimRules(
                required,
                conditions,
                username,
                groups,
                uid,
                extra,
                userConditions(jwt.get("userValidationRules").views(), at + ".userValidationRules"));
    }

    private List<ClaimRules.Condition> claimConditions(List<View> rules, String at, Map<String, String> required) {
        var conditions = new ArrayList<ClaimRules.Condition>();
        var seen = new HashSet<String>();
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            var here = at + "[" + i + "]";
            reader.expect(rule, here, ConfigurationFields.texts("claim", "requiredValue", "expression", "message"));
            var claim = rule.get("claim").string();
            var expression = rule.get("expression").string();
            var message = rule.get("message").string();
            if (!claim.isEmpty() && !expression.isEmpty())
                reader.wrong(FieldError.invalid(here, claim, "claim and expression can't both be set"));
            else if (claim.isEmpty() && expression.isEmpty())
                reader.wrong(FieldError.required(here, "claim or expression is required"));
            else if (!claim.isEmpty()) {
                if (!message.isEmpty())
                    reader.wrong(
                            FieldError.invalid(here + ".message", message, "may not be specified when claim is set"));
                if (required.containsKey(claim)) reader.wrong(FieldError.duplicate(here + ".claim", claim));
                required.put(claim, rule.get("requiredValue").string());
            } else if (!rule.get("requiredValue").string().isEmpty())
                reader.wrong(FieldError.invalid(
                        here + ".requiredValue",
                        rule.get("requiredValue").string(),
                        "may not be specified when expression is set"));
            else if (!seen.add(expression)) reader.wrong(FieldError.duplicate(here + ".expression", expression));
            else
                program(expression, CLAIMS.comingTo("bool", "dyn"), here + ".expression")
                        .ifPresent(program -> conditions.add(new ClaimRules.Condition(expression, message, program)));
        }
        return conditions;
    }

    private List<ClaimRules.Condition> userConditions(List<View> rules, String at) {
        var conditions = new ArrayList<ClaimRules.Condition>();
        var seen = new HashSet<String>();
        for (int i = 0; i < rules.size(); i++) {
            var here = at + "[" + i + "]";
            reader.expect(rules.get(i), here, ConfigurationFields.texts("expression", "message"));
            var expression = rules.get(i).get("expression").string();
            if (expression.isEmpty()) reader.wrong(FieldError.required(here + ".expression"));
            else if (!seen.add(expression)) reader.wrong(FieldError.duplicate(here + ".expression", expression));
            else {
                var message = rules.get(i).get("message").string();
                program(expression, USER, here + ".expression")
                        .ifPresent(program -> conditions.add(new ClaimRules.Condition(expression, message, program)));
            }
        }
        return conditions;
    }

    /// @param prefixed whether a claim needs to say what stands before it
    private Optional<ClaimRules.Mapping> mapping(View mapping, String at, boolean required, boolean prefixed) {
        reader.expect(mapping, at, ConfigurationFields.texts("claim", "prefix", "expression"));
        var claim = mapping.get("claim").string();
        var expression = mapping.get("expression").string();
        if (!claim.isEmpty() && !expression.isEmpty())
            reader.wrong(FieldError.invalid(at, "", "claim and expression can't both be set"));
        else if (claim.isEmpty() && expression.isEmpty()) {
            if (required) reader.wrong(FieldError.required(at, "claim or expression is required"));
        } else if (!expression.isEmpty()) {
            if (mapping.get("prefix").exists())
                reader.wrong(FieldError.invalid(
                        at + ".prefix", mapping.get("prefix").string(), "may not be specified when expression is set"));
            return program(expression, CLAIMS, at + ".expression")
                    .map(program -> new ClaimRules.Mapping("", "", Optional.of(program)));
        } else if (prefixed && !mapping.get("prefix").exists())
            reader.wrong(FieldError.required(
                    at + ".prefix",
                    "prefix is required when claim is set. It can be set to an empty string to disable prefixing"));
        else
            return Optional.of(
                    new ClaimRules.Mapping(claim, mapping.get("prefix").string(), Optional.empty()));
        return Optional.empty();
    }

    private Map<String, Program> extra(List<View> mappings, String at) {
        var programs = new LinkedHashMap<String, Program>();
        var seen = new HashSet<String>();
        for (int i = 0; i < mappings.size(); i++) {
            var here = at + "[" + i + "]";
            reader.expect(mappings.get(i), here, ConfigurationFields.texts("key", "valueExpression"));
            var key = mappings.get(i).get("key").string();
            if (key.isEmpty()) reader.wrong(FieldError.required(here + ".key"));
            else if (!PREFIXED.matcher(key.toLowerCase(Locale.ROOT)).matches())
                reader.wrong(FieldError.invalid(
                        here + ".key", key, "must be a domain-prefixed path (such as \"acme.io/foo\")"));
            if (!key.equals(key.toLowerCase(Locale.ROOT)))
                reader.wrong(FieldError.invalid(here + ".key", key, "must be lowercase"));
            if (key.matches("([^/]*\\.)?(kubernetes|k8s)\\.io/.*"))
                reader.wrong(FieldError.invalid(
                        here + ".key",
                        key,
                        "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use"));
            if (!seen.add(key)) {
                reader.wrong(FieldError.duplicate(here + ".key", key));
                continue;
            }
            var expression = mappings.get(i).get("valueExpression").string();
            if (expression.isEmpty()) reader.wrong(FieldError.required(here + ".valueExpression"));
            else
                program(expression, CLAIMS, here + ".valueExpression").ifPresent(program -> programs.put(key, program));
        }
        return programs;
    }

    /// Nobody is named after an address that is not known to be theirs.
    private void verified(View jwt, String at) {
        var username = jwt.get("claimMappings", "username", "expression").string();
        if (!EMAIL.matcher(username).find()) return;
        var all = new StringBuilder(username);
        jwt.get("claimMappings", "extra")
                .views()
                .forEach(each ->
                        all.append('\n').append(each.get("valueExpression").string()));
        jwt.get("claimValidationRules")
                .views()
                .forEach(each -> all.append('\n').append(each.get("expression").string()));
        if (!VERIFIED.matcher(all).find())
            reader.wrong(FieldError.invalid(
                    at + ".username.expression",
                    username,
                    "claims.email_verified must be used in claimMappings.username.expression or"
                            + " claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when"
                            + " claims.email is used in claimMappings.username.expression"));
    }

    private Optional<Program> program(String expression, CelEnvironment environment, String at) {
        var outcome = expressions.compile(expression, environment);
        if (outcome.error().isEmpty()) return Optional.of(expressions.program(expression, environment));
        reader.wrong(FieldError.invalid(at, expression, outcome.error()));
        return Optional.empty();
    }
}
