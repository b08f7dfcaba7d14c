CREATE TABLE public.oauth_account (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    oauth_name character varying(100) NOT NULL,
    access_token character varying(1024) NOT NULL,
    expires_at integer,
    refresh_token character varying(1024),
    account_id character varying(320) NOT NULL,
    account_email character varying(320) NOT NULL
);
CREATE TABLE public."user" (
    id uuid NOT NULL,
    email character varying(320) NOT NULL,
    hashed_password character varying(1024) NOT NULL,
    is_active boolean NOT NULL,
    is_superuser boolean NOT NULL,
    is_verified boolean NOT NULL
);
INSERT INTO public.oauth_account VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 'google', 't', NULL, NULL, 'people/1089', 'bob@gmail.com');
INSERT INTO public."user" VALUES ('00000000-0000-0000-0000-000000000001', 'ada@example.com', '$argon2id$v=19$m=65536,t=3,p=4$9MV9+ZJYyIhUUVZGLipplA$4W4uni+xf0JUqgKS4rkiDh7u9WE0ZGEeEuLkHRfSNL8', true, false, true);
INSERT INTO public."user" VALUES ('00000000-0000-0000-0000-000000000002', 'Bob@example.com', '$argon2id$v=19$m=65536,t=3,p=4$o/Zj1GunjhQRMNyC3T5ujw$j/6duzRsoYyKAa/dTM+DC9Wrnhg87xm3VdUGeBdLtng', false, true, false);
ALTER TABLE ONLY public.oauth_account
    ADD CONSTRAINT oauth_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
CREATE INDEX ix_oauth_account_account_id ON public.oauth_account USING btree (account_id);
CREATE INDEX ix_oauth_account_oauth_name ON public.oauth_account USING btree (oauth_name);
CREATE UNIQUE INDEX ix_user_email ON public."user" USING btree (email);
ALTER TABLE ONLY public.oauth_account
    ADD CONSTRAINT oauth_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES public."user"(id) ON DELETE CASCADE;
