package io.navarch.apps.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What `nft list ruleset` says, as far as it can keep pods from working.
final class FirewallRules {
    private static final Pattern TABLE = Pattern.compile("table (\\S+) (\\S+) \\{");
    private static final Pattern CHAIN = Pattern.compile("chain (\\S+) \\{");
    private static final Pattern HOOK =
            Pattern.compile("type filter hook (forward|input) priority [^;]*;(?: policy (\\w+);)?");
    private static final Pattern ACCEPTS = Pattern.compile(".*\\b(accept|jump \\S+|goto \\S+)\\s*$");

    private FirewallRules() {}

    /// Chains of others that drop what is forwarded, or comes in, unless a rule of theirs says otherwise.
    static List<String> harmful(String ruleset) {
        var found = new ArrayList<String>();
        var table = "";
        var chain = "";
        var dropping = "";
        boolean excepted = false;
        for (var line : ruleset.lines().map(String::strip).toList()) {
            var opened = TABLE.matcher(line);
            var begun = CHAIN.matcher(line);
            var hook = HOOK.matcher(line);
            if (opened.matches()) table = opened.group(1) + " " + opened.group(2);
            else if (begun.matches()) {
                chain = begun.group(1);
                dropping = "";
                excepted = false;
            } else if (hook.find()) {
                if ("drop".equals(hook.group(2))) dropping = hook.group(1);
            } else if (line.equals("}")) {
                if (!dropping.isEmpty() && !excepted && !table.contains("navarch"))
                    found.add("table " + table + ", chain " + chain + " drops what is "
                            + (dropping.equals("forward") ? "forwarded" : "sent to this machine"));
                dropping = "";
            } else if (mentionsPods(line) && ACCEPTS.matcher(line).matches()) excepted = true;
        }
        return found;
    }

    /// A rule that lets everything through, or what belongs to pods.
    private static boolean mentionsPods(String line) {
        return line.contains("10.244.")
                || line.contains("navarch")
                || line.startsWith("accept")
                || line.startsWith("counter") && line.endsWith("accept") && line.split(" ").length <= 6;
    }
}
