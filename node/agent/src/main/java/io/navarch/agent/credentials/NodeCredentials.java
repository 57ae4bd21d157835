package io.navarch.agent.credentials;

import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.decide.PullCredentials;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logins that programs of this node know.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
public final class NodeCredentials implements RegistryLogins {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCredentials.class);

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int LARGEST_FILE = 1 << 20;

    private final List<CredentialProvider> providers;

    private NodeCredentials(List<CredentialProvider> providers) {
        this.providers = providers;
    }

    /// The programs that a file names, or the files in a directory.
    ///
    /// @param programs directory
    /// @throws IllegalArgumentException in the kubelet's words when something is wrong with them
    public static List<ProviderConfig> read(Path file, Path programs) {
        if (!Files.exists(programs))
            throw new IllegalArgumentException("plugin binary directory " + programs + " did not exist");
        var named = new ArrayList<View>();
        for (var each : files(file)) named.addAll(providers(each));
        var names = new HashSet<String>();
        for (var provider : named) {
            var name = provider.get("name").string();
            if (!names.add(name))
                throw new IllegalArgumentException(
                        "duplicate provider name \"" + name + "\" found in configuration file(s)");
        }
        var configs = ProviderConfigText.read(named);
        for (var config : configs)
            if (!Files.isExecutable(programs.resolve(config.name())))
                throw new IllegalArgumentException(
                        "plugin binary executable " + programs.resolve(config.name()) + " did not exist");
        return configs;
    }

    private static List<Path> files(Path file) {
        if (!Files.exists(file))
            throw new IllegalArgumentException(
                    "unable to access path \"" + file + "\": stat " + file + ": no such file or directory");
        if (!Files.isDirectory(file)) return List.of(file);
        try (var entries = Files.list(file)) {
            var found = entries.filter(entry -> entry.toString().matches(".*\\.(?:json|yaml|yml)"))
                    .filter(entry -> !Files.isDirectory(entry))
                    .sorted()
                    .toList();
            if (found.isEmpty())
                throw new IllegalArgumentException("no configuration files found in directory \"" + file + "\"");
            return found;
        } catch (IOException e) {
            throw new IllegalArgumentException("unable to read directory \"" + file + "\": " + e.getMessage(), e);
        }
    }

    private static List<View> providers(Path file) {
        String text;
        try {
            if (Files.size(file) > LARGEST_FILE) throw new IOException("file is too large");
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("unable to read file \"" + file + "\": " + e.getMessage(), e);
        }
        try {
            return ProviderConfigText.providers(View.of(Yaml.parse(text)));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("error decoding config \"" + file + "\": " + e.getMessage(), e);
        }
    }

    public static RegistryLogins of(
            List<ProviderConfig> configs, Path programs, Accounts accounts, InstantSource clock) {
        var kept = new KeptTokens(accounts, clock);
        return new NodeCredentials(configs.stream()
                .map(config -> new CredentialProvider(
                        config, new ExecutedProvider(programs.resolve(config.name()), config, LONGEST), kept, clock))
                .toList());
    }

    @Override
    public List<Known> of(Pod pod, String image) {
        var all = new LinkedHashSet<Known>();
        var repository = PullCredentials.named(image);
        for (var provider : providers) {
            try {
                all.addAll(provider.logins(pod, repository));
            } catch (ProviderException | ApiException e) {
                // Others may know, or nobody need log in.
                LOG.warn(
                        "{} tells no login for image {} of pod {}: {}",
                        provider.name(),
                        image,
                        pod.key(),
                        e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
        return List.copyOf(all);
    }
}
