BEGIN;

CREATE TABLE authweave_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT authweave_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

CREATE TABLE authweave_tenants (
    tenant_id VARCHAR(255) NOT NULL, 
    CONSTRAINT pk_authweave_tenants PRIMARY KEY (tenant_id)
);

INSERT INTO authweave_tenants (tenant_id) VALUES ('public');

CREATE TABLE authweave_users (
    user_id VARCHAR(255) NOT NULL, 
    is_primary_user BOOLEAN NOT NULL, 
    CONSTRAINT pk_authweave_users PRIMARY KEY (user_id)
);

CREATE TABLE authweave_login_methods (
    recipe_user_id VARCHAR(255) NOT NULL, 
    user_id VARCHAR(255) NOT NULL, 
    recipe_id VARCHAR(32) NOT NULL, 
    tenant_id VARCHAR(255) NOT NULL, 
    email VARCHAR(320), 
    phone_number VARCHAR(32), 
    third_party_id VARCHAR(255), 
    third_party_user_id VARCHAR(255), 
    verified BOOLEAN NOT NULL, 
    time_joined_ms BIGINT NOT NULL, 
    CONSTRAINT pk_authweave_login_methods PRIMARY KEY (recipe_user_id), 
    CONSTRAINT fk_authweave_login_methods_user_id FOREIGN KEY(user_id) REFERENCES authweave_users (user_id) ON DELETE CASCADE, 
    CONSTRAINT fk_authweave_login_methods_tenant_id FOREIGN KEY(tenant_id) REFERENCES authweave_tenants (tenant_id), 
    CONSTRAINT uq_authweave_login_methods_third_party UNIQUE (tenant_id, third_party_id, third_party_user_id), 
    CONSTRAINT uq_authweave_login_methods_phone_number UNIQUE (tenant_id, recipe_id, phone_number)
);

CREATE INDEX ix_authweave_login_methods_user_id ON authweave_login_methods (user_id);

CREATE UNIQUE INDEX uq_authweave_login_methods_email ON authweave_login_methods (tenant_id, recipe_id, email) WHERE third_party_id IS NULL;

CREATE TABLE authweave_passwords (
    recipe_user_id VARCHAR(255) NOT NULL, 
    password_hash VARCHAR(1024) NOT NULL, 
    CONSTRAINT pk_authweave_passwords PRIMARY KEY (recipe_user_id), 
    CONSTRAINT fk_authweave_passwords_recipe_user_id FOREIGN KEY(recipe_user_id) REFERENCES authweave_login_methods (recipe_user_id) ON DELETE CASCADE
);

CREATE TABLE authweave_sessions (
    handle VARCHAR(255) NOT NULL, 
    user_id VARCHAR(255) NOT NULL, 
    recipe_user_id VARCHAR(255) NOT NULL, 
    tenant_id VARCHAR(255) NOT NULL, 
    generation INTEGER NOT NULL, 
    refresh_hash VARCHAR(255) NOT NULL, 
    previous_hash VARCHAR(255), 
    confirmed_at_ms BIGINT NOT NULL, 
    anti_csrf_token VARCHAR(255), 
    payload TEXT NOT NULL, 
    data TEXT NOT NULL, 
    created_at_ms BIGINT NOT NULL, 
    expires_at_ms BIGINT NOT NULL, 
    CONSTRAINT pk_authweave_sessions PRIMARY KEY (handle), 
    CONSTRAINT fk_authweave_sessions_tenant_id FOREIGN KEY(tenant_id) REFERENCES authweave_tenants (tenant_id)
);

CREATE INDEX ix_authweave_sessions_user_id ON authweave_sessions (user_id);

CREATE INDEX ix_authweave_sessions_expires_at_ms ON authweave_sessions (expires_at_ms);

CREATE TABLE authweave_signing_keys (
    kid VARCHAR(255) NOT NULL, 
    slot VARCHAR(255) NOT NULL, 
    algorithm VARCHAR(32) NOT NULL, 
    private_key BYTEA NOT NULL, 
    created_at_ms BIGINT NOT NULL, 
    CONSTRAINT pk_authweave_signing_keys PRIMARY KEY (kid), 
    CONSTRAINT uq_authweave_signing_keys_slot UNIQUE (slot)
);

INSERT INTO authweave_version (version_num) VALUES ('0001') RETURNING authweave_version.version_num;

-- Running upgrade 0001 -> 0002

ALTER TABLE authweave_login_methods ADD COLUMN third_party_issuer VARCHAR(255) DEFAULT '' NOT NULL;

ALTER TABLE authweave_login_methods DROP CONSTRAINT uq_authweave_login_methods_third_party;

ALTER TABLE authweave_login_methods ADD CONSTRAINT uq_authweave_login_methods_third_party UNIQUE (tenant_id, third_party_id, third_party_issuer, third_party_user_id);

CREATE TABLE authweave_tenant_providers (
    tenant_id VARCHAR(255) NOT NULL, 
    third_party_id VARCHAR(255) NOT NULL, 
    config BYTEA NOT NULL, 
    CONSTRAINT pk_authweave_tenant_providers PRIMARY KEY (tenant_id, third_party_id), 
    CONSTRAINT fk_authweave_tenant_providers_tenant_id FOREIGN KEY(tenant_id) REFERENCES authweave_tenants (tenant_id) ON DELETE CASCADE
);

UPDATE authweave_version SET version_num='0002' WHERE authweave_version.version_num = '0001';

-- Running upgrade 0002 -> 0003

ALTER TABLE authweave_sessions ADD COLUMN expires_day BIGINT DEFAULT 0 NOT NULL;

UPDATE authweave_sessions SET expires_day = expires_at_ms / 86400000;

DROP INDEX ix_authweave_sessions_expires_at_ms;

CREATE INDEX ix_authweave_sessions_expires_day ON authweave_sessions (expires_day);

ALTER TABLE authweave_sessions SET (fillfactor = 80);

UPDATE authweave_version SET version_num='0003' WHERE authweave_version.version_num = '0002';

COMMIT;

