package io.navarch.apiserver.read;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Base64;

/// Where a list goes on: opaque to clients, understood by every server on the same store.
///
/// @param revision the revision of the first page; below 0: whatever is there now
/// @param start the first key, below the prefix of the list
record ContinueToken(long revision, String start) {
    private static final String VERSION = "meta.k8s.io/v1";

    public String encode() {
        var json = Json.write(Trees.map("v", VERSION, "rv", revision, "start", start));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    /// @throws ApiException 400 for what no server has made
    public static ContinueToken decode(String token) {
        View tree;
        try {
            tree = View.of(Json.parse(Base64.getUrlDecoder().decode(token)));
        } catch (IllegalArgumentException e) {
            throw invalid("illegal base64 data at input byte " + wrongByte(token));
        } catch (Json.MalformedException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        var version = tree.get("v").string();
        long revision = tree.get("rv").longOr(0);
        var start = tree.get("start").string();
        if (!version.equals(VERSION)) {
            throw invalid("server does not recognize this encoded version \"" + version + "\"");
        }
        if (revision == 0) throw invalid("incorrect encoded start resourceVersion (version " + VERSION + ")");
        if (start.isEmpty()) throw invalid("encoded start key empty (version " + VERSION + ")");
        if (start.startsWith("/") || start.contains("..")) throw invalid(start);
        return new ContinueToken(revision, start);
    }

    private static int wrongByte(String token) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean known = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
            if (!known) return i;
        }
        return token.length() - token.length() % 4;
    }

    private static ApiException invalid(String why) {
        return ApiException.badRequest("invalid continue token: continue key is not valid: " + why);
    }
}
