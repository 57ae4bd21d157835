package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.DnsPolicy;
import io.navarch.model.HostAlias;
import io.navarch.model.PodDNSConfig;
import io.navarch.model.PodSpec;
import io.navarch.objects.Names;
import java.util.List;

/// How a pod resolves names, and which name it has itself.
final class DnsRules {
    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;
    private static final int LONGEST_SEARCHES = 2048;
    private static final int LONGEST_NAME = 64;

    private DnsRules() {}

    static void config(PodSpec spec, String path, Check check) {
        var config = spec.dnsConfig();
        if (spec.dnsPolicy() == DnsPolicy.NONE) {
            if (!config.exists()) {
                check.missing(path, "must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (config.nameservers().isEmpty()) {
                check.missing(
                        path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
                return;
            }
        }
        var servers = config.nameservers();
        if (servers.size() > MOST_SERVERS)
            check.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers");
        Check.each(servers, path + ".nameservers", (server, at) -> check.name(server, at, Names.ip(server)));
        searches(config, path + ".searches", check);
        Check.each(config.options(), path + ".options", (option, at) -> {
            if (option.name().isEmpty()) check.missing(at, "must not be empty");
        });
    }

    private static void searches(PodDNSConfig config, String path, Check check) {
        var searches = config.searches();
        if (searches.size() > MOST_SEARCHES) check.invalid(path, searches, "must not have more than 32 search paths");
        if (String.join(" ", searches).length() > LONGEST_SEARCHES)
            check.invalid(
                    path, searches, "must not have more than 2048 characters (including spaces) in the search list");
        Check.each(searches, path, (search, at) -> {
            var name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
            if (!search.equals(".")) check.name(name, at, Names.searchPath(name));
        });
    }

    static void aliases(List<HostAlias> aliases, String path, Check check) {
        Check.each(aliases, path, (alias, at) -> {
            check.name(alias.ip(), at + ".ip", Names.ip(alias.ip()));
            Check.each(
                    alias.hostnames(),
                    at + ".hostnames",
                    (host, here) -> check.name(host, here, Names.dnsSubdomain(host)));
        });
    }

    static void override(PodSpec spec, String path, Check check) {
        if (!spec.hasHostnameOverride()) return;
        var name = spec.hostnameOverride();
        if (spec.setHostnameAsFQDN()) check.forbidden(path, "may not be specified when setHostnameAsFQDN is true");
        if (spec.hostNetwork()) check.forbidden(path, "may not be specified when hostNetwork is true");
        check.longest(name, path, LONGEST_NAME);
        check.name(name, path, Names.dnsSubdomain(name));
    }
}
