package io.navarch.authentication;

import io.navarch.objects.Sha256;
import io.navarch.process.ConfigurationException;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tokens that never change, from a file of lines such as `token,user,uid,"group1,group2"`.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
public final class TokenFile implements TokenAuthenticator {
    private static final int LARGEST = 1 << 20;

    /// By the digest of the token, so that how long a search takes tells nothing about tokens.
    private final Map<String, User> users;

    private TokenFile(Map<String, User> users) {
        this.users = users;
    }

    /// @throws ConfigurationException naming the line that is wrong
    public static TokenFile read(Path file) throws IOException {
        if (Files.size(file) > LARGEST)
            throw new ConfigurationException(file + " is larger than " + LARGEST + " bytes");
        var users = new LinkedHashMap<String, User>();
        int number = 0;
        for (var line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) continue;
            var fields = fields(line, file + ":" + number);
            if (fields.size() < 3)
                throw new ConfigurationException(file + ":" + number
                        + ": token file must have at least 3 columns (token, user name, user uid), found "
                        + fields.size());
            if (fields.getFirst().isEmpty()) throw new ConfigurationException(file + ":" + number + ": empty token");
            var groups = fields.size() < 4
                    ? new String[0]
                    : List.of(fields.get(3).split(",")).stream()
                            .map(String::strip)
                            .filter(group -> !group.isEmpty())
                            .toArray(String[]::new);
            var named = User.of(fields.get(1), groups);
            users.put(Sha256.hex(fields.get(0)), new User(named.name(), fields.get(2), named.groups(), Map.of()));
        }
        return new TokenFile(Map.copyOf(users));
    }

    /// Fields may stand in quotes, in which a quote is written twice.
    private static List<String> fields(String line, String place) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else field.append(c);
        }
        if (quoted) throw new ConfigurationException(place + ": a quote does not end");
        fields.add(field.toString().strip());
        return fields;
    }

    @Override
    public Optional<User> recognise(String token, List<String> audiences) {
        return Optional.ofNullable(users.get(Sha256.hex(token)));
    }
}
