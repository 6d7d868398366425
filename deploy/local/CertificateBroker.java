// Artemis for vehicles that show certificates: who has which name may publish and read what. The JDK
// runs it from its source; the stack writes broker.xml and the PEM files.
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import javax.naming.ldap.LdapName;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.server.embedded.Main;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;

public final class CertificateBroker {
  // Guards files that lie beside the key itself.
  private static final char[] PASSWORD = "stack-only".toCharArray();

  /** Arguments: the broker's folder, the name of the service that may do everything. */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    writeStores(home.resolve("etc"));
    FileConfiguration settings = new FileConfiguration();
    Main.configureDataDirectory(settings, home + "/data");
    Main.loadFromXmlFile(new File(home + "/etc/broker.xml"), settings);
    new EmbeddedActiveMQ()
        .setConfiguration(settings)
        .setSecurityManager(new ByCertificate(args[1]))
        .start();
  }

  /** ca.pem, broker.crt and broker.key as the key stores that Artemis reads. */
  private static void writeStores(Path etc) throws Exception {
    Certificate ca = certificate(etc.resolve("ca.pem"));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", ca);
    write(trusted, etc.resolve("trusted.p12"));
    String pem = Files.readString(etc.resolve("broker.key")).replaceAll("-----.*-----|\\s", "");
    var key = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    Certificate[] chain = {certificate(etc.resolve("broker.crt")), ca};
    own.setKeyEntry("broker", KeyFactory.getInstance("EC").generatePrivate(key), PASSWORD, chain);
    write(own, etc.resolve("own.p12"));
  }

  private static Certificate certificate(Path path) throws Exception {
    try (var bytes = Files.newInputStream(path)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(bytes);
    }
  }

  private static void write(KeyStore store, Path path) throws Exception {
    try (OutputStream bytes = Files.newOutputStream(path)) {
      store.store(bytes, PASSWORD);
    }
  }

  /** A vehicle publishes under v1/up/{its name} and reads under v1/dn/{its name}, nothing else. */
  private record ByCertificate(String service) implements ActiveMQSecurityManager5 {
    @Override
    public Subject authenticate(
        String user, String password, RemotingConnection connection, String domain) {
      X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
      if (chain == null || chain.length == 0) return null;
      Subject subject = new Subject();
      subject.getPrincipals().add(new UserPrincipal(commonName(chain[0])));
      return subject;
    }

    @Override
    public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
      if (subject == null) return false;
      String name = subject.getPrincipals().iterator().next().getName();
      if (name.equals(service)) return true;
      // Artemis writes the levels of an MQTT topic with dots.
      if (check == CheckType.SEND) return address.startsWith("v1.up." + name + ".");
      if (check == CheckType.CREATE_ADDRESS) return address.contains("." + name + ".");
      return address.startsWith("v1.dn." + name + ".");
    }

    @Override
    public boolean validateUser(String user, String password) {
      return false;
    }

    @Override
    public boolean validateUserAndRole(
        String user, String password, Set<Role> roles, CheckType check) {
      return false;
    }

    private static String commonName(X509Certificate certificate) {
      try {
        var parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
        return parts.stream()
            .filter(part -> part.getType().equalsIgnoreCase("CN"))
            .map(part -> part.getValue().toString())
            .findFirst()
            .orElseThrow();
      } catch (javax.naming.InvalidNameException error) {
        throw new IllegalArgumentException(error);
      }
    }
  }
}
