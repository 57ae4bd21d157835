package io.navarch.agent.csi;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.NodeInfo;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.PluginSocket;
import io.navarch.csi.PluginSocket.PluginInfo;
import io.navarch.model.CSIDriver;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriverLimitsTest {
    private final List<Long> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private String period = "nodeAllocatableUpdatePeriodSeconds: 20";
    private long most = 3;

    private final CsiDrivers drivers = new CsiDrivers(
            new CsiSockets() {
                @Override
                public CsiNode driver(String endpoint) {
                    return (CsiNode) Proxy.newProxyInstance(
                            CsiNode.class.getClassLoader(),
                            new Class<?>[] {CsiNode.class},
                            (self, method, arguments) -> new NodeInfo("n", most, Map.of()));
                }

                @Override
                public PluginSocket plugin(Path socket) {
                    throw new AssertionError();
                }
            },
            new CsiDrivers.Announcement() {
                @Override
                public void announce(String driver, NodeInfo info) {}

                @Override
                public void renew(String driver, NodeInfo info) {
                    told.add(info.mostVolumes());
                }

                @Override
                public void withdraw(String driver) {}
            });
    private final DriverLimits limits = new DriverLimits(
            drivers,
            name -> CSIDriver.of(View.of(Yaml.parse("{metadata: {name: d}, spec: {" + period + "}}"))),
            () -> now);

    private void later(int seconds) {
        now = now.plusSeconds(seconds);
        limits.look();
    }

    @Test
    void aDriverIsAskedAsOftenAsItsObjectSays() throws Exception {
        var plugin = new PluginInfo(CsiDrivers.TYPE, "d", "/d.sock", List.of("1.0.0"));
        drivers.register(plugin);
        later(0);
        later(19);
        assertThat(told).isEmpty();
        later(1);
        most = 5;
        later(10);
        later(10);
        assertThat(told).containsExactly(3L, 5L);
        // What the object says is looked at every minute.
        period = "attachRequired: true";
        later(60);
        later(60);
        assertThat(told).hasSize(2);
        drivers.deregister(plugin);
        later(60);
        assertThat(told).hasSize(2);
    }
}
