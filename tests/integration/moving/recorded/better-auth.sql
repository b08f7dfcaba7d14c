CREATE TABLE public.account (
    id text NOT NULL,
    "accountId" text NOT NULL,
    "providerId" text NOT NULL,
    "userId" text NOT NULL,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamp with time zone,
    "refreshTokenExpiresAt" timestamp with time zone,
    scope text,
    password text,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone NOT NULL
);
CREATE TABLE public."user" (
    id text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    "emailVerified" boolean NOT NULL,
    image text,
    "createdAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "updatedAt" timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    role text,
    banned boolean,
    "banReason" text,
    "banExpires" timestamp with time zone
);
INSERT INTO public.account VALUES ('fKnLfme1kX2njQPm6h84mXZJwb0Ibamj', 'AGSfOluIhUyWoE1CMThl8VfPkGwn8U8O', 'credential', 'AGSfOluIhUyWoE1CMThl8VfPkGwn8U8O', NULL, NULL, NULL, NULL, NULL, NULL, '6223afee522b95e61e39a7a0993e99eb:17de6496000c4953449cb8d4d23733413001111670ab4b9425708536e04f1902cdd99a568b248f9c83e6e24e9150c2eb845cfd9965c9ee1a6130853f69fa8bcf', '2026-11-27 23:17:05.06+00', '2026-11-27 23:17:05.06+00');
INSERT INTO public.account VALUES ('q64a1jv8RaZpgu39gbEgAkg3mcm8Y2zy', 'WjnuR3vz5xN213edFuhoiYWbqcLawMXq', 'credential', 'WjnuR3vz5xN213edFuhoiYWbqcLawMXq', NULL, NULL, NULL, NULL, NULL, NULL, '19d10a0ef1b2b9c9604aca34c1aec949:4a6c6ad72ea20a93fecfaeae7f5ecfa09fb4279ac3d2362a9f59f4d3f0186bcd975915d01b32b3ab79644c42f9b4c5e8793b68587103e828d22a6ffda8b371d1', '2026-11-27 23:17:05.169+00', '2026-11-27 23:17:05.169+00');
INSERT INTO public.account VALUES ('acc1', '1089', 'google', 'WjnuR3vz5xN213edFuhoiYWbqcLawMXq', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-27 23:17:05.174328+00', '2026-11-27 23:17:05.174328+00');
INSERT INTO public."user" VALUES ('AGSfOluIhUyWoE1CMThl8VfPkGwn8U8O', 'Ada', 'ada@example.com', false, NULL, '2026-11-27 23:17:05.056+00', '2026-11-27 23:17:05.056+00', 'user', false, NULL, NULL);
INSERT INTO public."user" VALUES ('WjnuR3vz5xN213edFuhoiYWbqcLawMXq', 'Bob', 'bob@example.com', true, NULL, '2026-11-27 23:17:05.167+00', '2026-11-27 23:17:05.167+00', 'user,admin', true, NULL, NULL);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_email_key UNIQUE (email);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);
CREATE INDEX "account_userId_idx" ON public.account USING btree ("userId");
ALTER TABLE ONLY public.account
    ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."user"(id) ON DELETE CASCADE;
