CREATE TABLE app_id_to_user_id (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    recipe_id character varying(128) NOT NULL,
    primary_or_recipe_user_id character(36) NOT NULL,
    is_linked_or_is_a_primary_user boolean DEFAULT false NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE emailpassword_users (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256) NOT NULL,
    password_hash character varying(256) NOT NULL,
    time_joined bigint NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE emailpassword_user_to_tenant (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    tenant_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id)
);
CREATE TABLE thirdparty_users (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    third_party_id character varying(28) NOT NULL,
    third_party_user_id character varying(256) NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256) NOT NULL,
    time_joined bigint NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE thirdparty_user_to_tenant (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    tenant_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    third_party_id character varying(28) NOT NULL,
    third_party_user_id character varying(256) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id)
);
CREATE TABLE passwordless_users (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256),
    phone_number character varying(256),
    time_joined bigint NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE passwordless_user_to_tenant (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    tenant_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256),
    phone_number character varying(256),
    PRIMARY KEY (app_id, tenant_id, user_id)
);
CREATE TABLE recipe_user_tenants (
    app_id character varying(64) NOT NULL,
    recipe_user_id character(36) NOT NULL,
    tenant_id character varying(64) NOT NULL,
    recipe_id character varying(128) NOT NULL,
    account_info_type character varying(8) NOT NULL,
    account_info_value text NOT NULL,
    third_party_id character varying(28),
    third_party_user_id character varying(256),
    PRIMARY KEY (app_id, tenant_id, recipe_id, account_info_type, third_party_id, third_party_user_id, account_info_value)
);
CREATE TABLE emailverification_verified_emails (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character varying(128) NOT NULL,
    email character varying(256) NOT NULL,
    PRIMARY KEY (app_id, user_id, email)
);
CREATE TABLE userid_mapping (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    supertokens_user_id character(36) NOT NULL,
    external_user_id character varying(128) NOT NULL,
    external_user_id_info text,
    PRIMARY KEY (app_id, supertokens_user_id, external_user_id)
);
CREATE TABLE user_roles (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    tenant_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character varying(128) NOT NULL,
    role character varying(255) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id, role)
);
CREATE TABLE user_metadata (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character varying(128) NOT NULL,
    user_metadata text NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE totp_user_devices (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character varying(128) NOT NULL,
    device_name character varying(256) NOT NULL,
    secret_key character varying(256) NOT NULL,
    period integer NOT NULL,
    skew integer NOT NULL,
    verified boolean NOT NULL,
    created_at bigint,
    PRIMARY KEY (app_id, user_id, device_name)
);
CREATE TABLE webauthn_users (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256) NOT NULL,
    rp_id character varying(256) NOT NULL,
    time_joined bigint NOT NULL,
    PRIMARY KEY (app_id, user_id)
);
CREATE TABLE webauthn_user_to_tenant (
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    tenant_id character varying(64) DEFAULT 'public' NOT NULL,
    user_id character(36) NOT NULL,
    email character varying(256) NOT NULL,
    PRIMARY KEY (app_id, tenant_id, user_id),
    UNIQUE (app_id, tenant_id, email)
);
CREATE TABLE webauthn_credentials (
    id character varying(256) NOT NULL,
    app_id character varying(64) DEFAULT 'public' NOT NULL,
    rp_id character varying(256),
    user_id character(36),
    counter bigint NOT NULL,
    public_key bytea NOT NULL,
    transports text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (app_id, rp_id, id)
);
INSERT INTO app_id_to_user_id VALUES
    ('public', '11111111-1111-4111-8111-111111111111', 'emailpassword', '11111111-1111-4111-8111-111111111111', true),
    ('public', '22222222-2222-4222-8222-222222222222', 'thirdparty', '11111111-1111-4111-8111-111111111111', true),
    ('public', '33333333-3333-4333-8333-333333333333', 'passwordless', '33333333-3333-4333-8333-333333333333', false),
    ('public', '44444444-4444-4444-8444-444444444444', 'webauthn', '44444444-4444-4444-8444-444444444444', false),
    ('public', '66666666-6666-4666-8666-666666666666', 'webauthn', '66666666-6666-4666-8666-666666666666', false),
    ('other', '55555555-5555-4555-8555-555555555555', 'emailpassword', '55555555-5555-4555-8555-555555555555', false);
INSERT INTO emailpassword_users VALUES
    ('public', '11111111-1111-4111-8111-111111111111', 'ada@example.com', '$2b$04$gdC5hkvo1ntBDNelqqVrReRkOHZI9QZt7c1USQC1CGAPimOeSZJKu', 1700000000001),
    ('other', '55555555-5555-4555-8555-555555555555', 'other@example.com', '$2b$04$gdC5hkvo1ntBDNelqqVrReRkOHZI9QZt7c1USQC1CGAPimOeSZJKu', 1700000000005);
INSERT INTO emailpassword_user_to_tenant VALUES
    ('public', 'public', '11111111-1111-4111-8111-111111111111', 'ada@example.com'),
    ('public', 'second', '11111111-1111-4111-8111-111111111111', 'ada@example.com'),
    ('other', 'public', '55555555-5555-4555-8555-555555555555', 'other@example.com');
INSERT INTO thirdparty_users VALUES
    ('public', 'google', '1089', '22222222-2222-4222-8222-222222222222', 'ada@gmail.com', 1700000000002);
INSERT INTO thirdparty_user_to_tenant VALUES
    ('public', 'public', '22222222-2222-4222-8222-222222222222', 'google', '1089');
INSERT INTO passwordless_users VALUES
    ('public', '33333333-3333-4333-8333-333333333333', NULL, '+4915112345678', 1700000000003);
INSERT INTO recipe_user_tenants VALUES
    ('public', '33333333-3333-4333-8333-333333333333', 'public', 'passwordless', 'phone', '+4915112345678', '', '');
INSERT INTO emailverification_verified_emails VALUES
    ('public', 'external-1', 'ada@example.com'), ('public', '22222222-2222-4222-8222-222222222222', 'ada@gmail.com');
INSERT INTO userid_mapping VALUES ('public', '11111111-1111-4111-8111-111111111111', 'external-1', NULL);
INSERT INTO user_roles VALUES ('public', 'public', 'external-1', 'admin'), ('public', 'second', 'external-1', 'editor');
INSERT INTO user_metadata VALUES ('public', 'external-1', '{"plan":"pro"}');
INSERT INTO totp_user_devices VALUES
    ('other', '55555555-5555-4555-8555-555555555555', 'phone', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 30, 1, true, 1700000000006),
    ('other', '55555555-5555-4555-8555-555555555555', 'tablet', 'GEZDGNBVGY3TQOJQ', 30, 1, false, 1700000000007);
INSERT INTO webauthn_users VALUES
    ('public', '44444444-4444-4444-8444-444444444444', 'dora@example.com', 'localhost', 1700000000008),
    ('public', '66666666-6666-4666-8666-666666666666', 'finn@example.com', 'localhost', 1700000000010);
INSERT INTO webauthn_user_to_tenant VALUES
    ('public', 'public', '44444444-4444-4444-8444-444444444444', 'dora@example.com'),
    ('public', 'public', '66666666-6666-4666-8666-666666666666', 'finn@example.com');
INSERT INTO webauthn_credentials VALUES
    ('AAECAwQFBgcICQoLDA0ODw', 'public', 'localhost', '44444444-4444-4444-8444-444444444444', 5, '\x000000000000000000000000000000000010000102030405060708090a0b0c0d0e0fa50102032620012158208e533b6fa0bf7b4625bb30667c01fb607ef9f8b8a80fef5b300628703187b2a322582073eb1dbde03318366d069f83a6f5900053c73633cb041b21c55e1a86c1f400b4', '["internal"]', 1700000000009, 1700000000011),
    ('ZmlubidzIHBhc3NrZXk', 'public', 'localhost', '66666666-6666-4666-8666-666666666666', 0, '\x000000000000000000000000000000000010000102030405060708090a0b0c0d0e0fa50102032620012158208e533b6fa0bf7b4625bb30667c01fb60', '[]', 1700000000012, 1700000000012);
