package io.navarch.agent.act;

import io.navarch.cri.ContainerRuntime.Login;
import java.util.List;
import java.util.Optional;

/// Who has shown that an image may be used: one that came with somebody's login is not for everybody just because it
/// is on the node. Images that were on the node before it knew of them are.
///
/// Source: https://kubernetes.io/docs/concepts/containers/images/#ensureimagepullcredentialverification
public interface PulledImages {
    /// Nothing is secret.
    PulledImages NONE = new PulledImages() {
        @Override
        public boolean usable(String id, String image, List<Login> logins) {
            return true;
        }

        @Override
        public void pulling(String image) {}

        @Override
        public void failed(String image) {}

        @Override
        public void pulled(String id, String image, Optional<Login> login) {}
    };

    /// Whether an image that is here may be used by who has these logins.
    ///
    /// @param image its name, as it is asked for
    boolean usable(String id, String image, List<Login> logins);

    /// Should the node stop before it is known with whose login the image came, it counts as nobody's.
    void pulling(String image);

    /// It did not come.
    void failed(String image);

    /// @param login with which it came, empty when anybody could have it
    void pulled(String id, String image, Optional<Login> login);
}
